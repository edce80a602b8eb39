/* rows.h: the C rows and the schema's structs side by side; for the C++ files of this folder only.
 *
 * Rows are copied between the two as bytes, so their layouts must be one: sizes are asserted here,
 * the place of every field by vw_rows_check. */
#ifndef VW_SCHEMAS_ROWS_H
#define VW_SCHEMAS_ROWS_H

/* Before the C headers, which would otherwise open these inside extern "C". */
#include <atomic>
#include <cmath>
#include <cstdalign>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "vegawire_generated.h"

/* The two words of C11 in our headers that C++17 spells otherwise. */
#define _Noreturn [[noreturn]]
#ifndef __clang__
#define _Static_assert static_assert
#endif

extern "C" {
#include "core/hedge/decision.h"
#include "core/hedge/solve.h"
#include "core/market/event.h"
#include "schemas/decode.h"
#include "schemas/encode.h"
}

#undef _Noreturn
#undef _Static_assert

namespace wire = vegawire;

static_assert(sizeof(wire::Group) == sizeof(vw_group_row), "copied as bytes");
static_assert(sizeof(wire::Definition) == sizeof(vw_definition_row), "copied as bytes");
static_assert(sizeof(wire::Greeks) == sizeof(vw_greeks_row), "copied as bytes");
static_assert(sizeof(wire::Surface) == sizeof(vw_surface_row), "copied as bytes");
static_assert(sizeof(wire::Curve) == sizeof(vw_curve_row), "copied as bytes");
static_assert(sizeof(wire::CurvePoint) == sizeof(vw_curve_point), "copied as bytes");
static_assert(sizeof(wire::Hedge) == sizeof(vw_hedge_row), "copied as bytes");
static_assert(sizeof(wire::HedgeLayer) == sizeof(vw_layer_row), "copied as bytes");
static_assert(sizeof(wire::HedgeLeg) == sizeof(vw_leg_row), "copied as bytes");
static_assert(sizeof(wire::DecisionHead) == sizeof(vw_decision_row), "copied as bytes");
static_assert(sizeof(wire::DecisionBook) == sizeof(vw_decision_book_row), "copied as bytes");
static_assert(sizeof(wire::SignalValue) == sizeof(vw_signal_row), "copied as bytes");
static_assert(sizeof(wire::DecisionLayer) == sizeof(vw_decision_layer_row), "copied as bytes");
static_assert(sizeof(wire::DecisionLeg) == sizeof(vw_decision_leg_row), "copied as bytes");
static_assert(sizeof(wire::DecisionCondor) == sizeof(vw_decision_condor_row), "copied as bytes");
static_assert(sizeof(wire::Proposal) == sizeof(vw_proposal_row), "copied as bytes");
static_assert(sizeof(wire::ProposalStep) == sizeof(vw_step_row), "copied as bytes");
static_assert(sizeof(wire::GivenUp) == sizeof(vw_given_up_row), "copied as bytes");
static_assert(sizeof(wire::Unit) == sizeof(vw_unit_row), "copied as bytes");
static_assert(sizeof(wire::Latency) == sizeof(vw_heartbeat::latency), "copied as bytes");

/* vw_rows_check stops the program if a field of a row lies elsewhere in the schema's struct. */
void vw_rows_check();

/* vw_rows_check_decision does the same for the rows of a decision, and for its words. */
void vw_rows_check_decision();

/* A struct of the sample's bytes: every byte differs from its neighbours, and no eight of them make
 * a NaN, so that two fields that lie apart are not equal by chance. */
template <typename T> T vw_rows_sample()
{
    unsigned char bytes[sizeof(T)];
    T value;

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(1 + i % 113);
    }
    std::memcpy(static_cast<void *>(&value), bytes, sizeof value);
    return value;
}

/* The place of text in the schema's struct, by its first and last character. */
inline bool vw_rows_same_text(const wire::Text8 &text, const char *root)
{
    return text.c0() == (uint8_t)root[0] && text.c7() == (uint8_t)root[7];
}

#endif
