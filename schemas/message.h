/* message.h: what one message on the wire says, in C; the same for who writes and who reads it.
 *
 * encode turns it into a frame (topic + FlatBuffer), decode gives it back; vegawire.fbs is the
 * schema.  Rows are those of core/engine/update.h.
 *
 * Memory   plain values; rows belong to whoever filled the message in.  In a decoded message they
 *          belong to the decoder until it decodes the next.
 * Shapes   which pointers are set follows from kind:
 *            definitions  group.root; definitions (1 or more)
 *            greeks       group; greeks (1 or more)
 *            surface      group; surface
 *            curve        curve; curve_points
 *            hedge        hedge; layers; legs; decision where the engine decides
 *            status       units (1 or more)
 *            heartbeat    heartbeat; counters
 * Units    see update.h and the fields. */
#ifndef VW_SCHEMAS_MESSAGE_H
#define VW_SCHEMAS_MESSAGE_H

#include "core/engine/update.h"

#define VW_TOPIC_SIZE 32
#define VW_SOURCE_SIZE 16

typedef enum vw_message_kind {
    VW_MESSAGE_DEFINITIONS = 1,
    VW_MESSAGE_GREEKS,
    VW_MESSAGE_SURFACE,
    VW_MESSAGE_CURVE,
    VW_MESSAGE_HEDGE,
    VW_MESSAGE_STATUS,
    VW_MESSAGE_HEARTBEAT,
} vw_message_kind;

typedef struct vw_heartbeat {
    int64_t uptime_ns;
    uint64_t losses; /* sum of the counters marked as loss */
    struct {
        uint64_t count, p50_ns, p99_ns, p999_ns, max_ns;
    } latency; /* wire to publish, of every tick so far */
} vw_heartbeat;

typedef struct vw_counter_value {
    const char *name; /* lower case */
    uint64_t value;
    bool loss;
} vw_counter_value;

/* A hedge decision; how many rows there are is in the counts. */
typedef struct vw_decision_rows {
    const vw_decision_row *head; /* NULL: no decision */
    const vw_decision_book_row *book;
    const vw_signal_row *signals, *details;
    const vw_decision_layer_row *layers;
    const vw_decision_leg_row *legs;
    const vw_decision_condor_row *condors;
    const vw_proposal_row *proposals;
    const vw_step_row *steps; /* of all proposals, one after the other */
    const vw_given_up_row *given_up;
    size_t signal_count, detail_count, layer_count, leg_count, condor_count, proposal_count,
        step_count, given_up_count;
} vw_decision_rows;

typedef struct vw_message {
    vw_message_kind kind;
    uint64_t epoch;              /* start of the publisher, ns */
    uint64_t sequence;           /* per topic and epoch, from 1; the same again: a repeat */
    int64_t exchange_ns;         /* of the newest input behind the message */
    int64_t receive_ns;          /* kernel's stamp of that packet */
    int64_t publish_ns;          /* just before the message was handed to ZeroMQ */
    char source[VW_SOURCE_SIZE]; /* "live", "sim", "synthetic" */
    vw_group_row group;
    const vw_definition_row *definitions;
    const vw_greeks_row *greeks;
    const vw_surface_row *surface;
    const vw_curve_row *curve;
    const vw_curve_point *curve_points;
    const vw_hedge_row *hedge;
    const vw_layer_row *layers;
    const vw_leg_row *legs;
    const vw_unit_row *units;
    const vw_heartbeat *heartbeat;
    const vw_counter_value *counters;
    size_t definition_count, greeks_count, curve_point_count, layer_count, leg_count, unit_count,
        counter_count;
    vw_decision_rows decision;
} vw_message;

/* The schema's words, as they are printed: one list for C, JSON and FlatBuffers. */
typedef enum vw_vocabulary {
    VW_WORDS_KIND,    /* of vw_message_kind */
    VW_WORDS_STATUS,  /* of vw_status; the same as vw_status_name */
    VW_WORDS_QUALITY, /* of a bit's number, 0 to 7; the same as vw_quote_name */
    VW_WORDS_ABSENT,  /* of a bit's number, 0 to 4 */
    VW_WORDS_CALC,
    VW_WORDS_FORWARD_SOURCE,
    VW_WORDS_MODEL,
    VW_WORDS_REGIME,
    VW_WORDS_UNIT_STATE,
} vw_vocabulary;

/* vw_message_word returns the word of value, or NULL if the vocabulary has none for it. */
const char *vw_message_word(vw_vocabulary vocabulary, unsigned value);

#endif
