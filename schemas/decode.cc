#include "schemas/rows.h"

#include <algorithm>
#include <memory>
#include <vector>

struct vw_decoder {
    std::vector<uint64_t> aligned; /* the FlatBuffer, as 8-byte words */
    std::vector<vw_counter_value> counters;
    vw_heartbeat heartbeat;
};

namespace
{

constexpr size_t COUNTER_NAME_MAX = 64;

/* Of a table with T rows of C type R: where they begin, and how many.  No rows: NULL and 0. */
template <typename R, typename T>
size_t take_rows(const flatbuffers::Vector<const T *> *rows, const R **first)
{
    static_assert(sizeof(T) == sizeof(R), "the same bytes");
    if (rows == nullptr || rows->size() == 0) {
        *first = nullptr;
        return 0;
    }
    *first = reinterpret_cast<const R *>(rows->Data());
    return rows->size();
}

template <typename R, typename T> const R *take_row(const T *row)
{
    static_assert(sizeof(T) == sizeof(R), "the same bytes");
    return reinterpret_cast<const R *>(row);
}

bool finite(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += values[i] * 0; /* NaN from here on if a value is NaN or infinite */
    }
    return sum == 0;
}

/* Whether the doubles from first to last, neighbours in a row, are all finite. */
bool finite(const double &first, const double &last)
{
    return finite(&first, (size_t)(&last - &first) + 1);
}

bool known(vw_vocabulary vocabulary, unsigned value)
{
    return vw_message_word(vocabulary, value) != nullptr;
}

bool known_type(uint8_t type)
{
    return type == 'C' || type == 'P' || type == 'F' || type == 'E';
}

bool known_settlement(char settlement)
{
    return settlement == 'A' || settlement == 'P';
}

/* NUL-padded printable ASCII. */
bool known_text(const char *text, size_t size)
{
    size_t length = strnlen(text, size);

    for (size_t i = 0; i < size; i++) {
        if (i < length ? text[i] < ' ' || text[i] > '~' : text[i] != '\0') {
            return false;
        }
    }
    return true;
}

bool sound(const vw_definition_row &row)
{
    return std::isfinite(row.strike) && known_type(row.type) &&
           known_settlement((char)row.settlement);
}

bool sound(const vw_greeks_row &row)
{
    return finite(row.strike, row.theta_session) && known_type(row.type) &&
           known(VW_WORDS_STATUS, row.status) && known(VW_WORDS_CALC, row.calc);
}

bool sound(const vw_surface_row &row)
{
    return finite(row.forward, row.butterfly_min_g) &&
           known(VW_WORDS_FORWARD_SOURCE, row.forward_source) && known(VW_WORDS_MODEL, row.model) &&
           known(VW_WORDS_STATUS, row.status);
}

bool sound(const vw_curve_row &row)
{
    return finite(row.contango, row.cm30) && known(VW_WORDS_REGIME, row.regime);
}

bool sound(const vw_curve_point &row)
{
    return finite(row.price, row.convexity);
}

bool sound(const vw_hedge_row &row)
{
    return finite(row.delta_usd_per_point, row.hedge_ratio) && known(VW_WORDS_REGIME, row.regime);
}

bool sound(const vw_layer_row &row)
{
    return finite(row.condor_v30_usd_per_point, row.residual_v30_usd_per_point);
}

bool sound(const vw_leg_row &row)
{
    return finite(row.contracts, row.v30_usd_per_point) && std::isfinite(row.strike) &&
           known_text(row.root, sizeof row.root) && known_type(row.type) &&
           known(VW_WORDS_STATUS, row.status);
}

bool sound(const vw_decision_row &row)
{
    return finite(row.offset_v30, row.hedge_notional_usd) && known(VW_WORDS_REGIME, row.regime) &&
           row.posture <= VW_POSTURE_PROMOTER && row.sizing <= VW_SIZING_NONE &&
           row.regime_reason <= VW_REGIME_REASON_ROLL && row.level <= 3 && row.heavy <= 4 &&
           known_text(row.preset, sizeof row.preset);
}

bool sound(const vw_decision_book_row &row)
{
    return finite(row.delta_usd_per_point, row.hedge_cost_monthly);
}

bool sound(const vw_signal_row &row)
{
    return std::isfinite(row.value) &&
           row.signal < std::max((int)VW_SIGNAL_COUNT, (int)VW_DETAIL_COUNT);
}

bool sound(const vw_decision_layer_row &row)
{
    return finite(row.condor_v30, row.residual_v30) && row.layer <= VW_LAYERS;
}

bool sound(const vw_decision_leg_row &row)
{
    return finite(row.strike, row.adverse) && row.kind < VW_KIND_COUNT &&
           row.urgency <= VW_URGENCY_NOW && known_text(row.root, sizeof row.root);
}

bool sound(const vw_decision_condor_row &row)
{
    return finite(row.contracts, row.z_hi_entry) && known_text(row.root, sizeof row.root);
}

bool sound(const vw_proposal_row &row)
{
    return finite(row.cash_usd, row.worst_loss_usd) && row.proposal < VW_PROPOSAL_COUNT &&
           row.reason < VW_REASON_COUNT && row.urgency <= VW_URGENCY_NOW;
}

bool sound(const vw_step_row &row)
{
    return finite(row.strike, row.contracts) && known_text(row.root, sizeof row.root) &&
           (row.type == 0 || known_type(row.type));
}

bool sound(const vw_given_up_row &row)
{
    return std::isfinite(row.price) && row.constraint < VW_CONSTRAINT_COUNT;
}

bool sound(const vw_unit_row &row)
{
    return known(VW_WORDS_UNIT_STATE, row.state);
}

bool sound(const vw_group_row &row)
{
    bool none = row.expiry == 0 && row.settlement == '\0';

    return known_text(row.root, sizeof row.root) && (none || known_settlement(row.settlement));
}

bool sound(const vw_counter_value &counter)
{
    return strnlen(counter.name, COUNTER_NAME_MAX + 1) <= COUNTER_NAME_MAX &&
           known_text(counter.name, strlen(counter.name));
}

/* The verifier proves the bounds of a vector of structs, but not its alignment. */
template <typename R> bool sound(const R *rows, size_t count)
{
    if (reinterpret_cast<uintptr_t>(rows) % alignof(R) != 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!sound(rows[i])) {
            return false;
        }
    }
    return true;
}

/* A decision whose words and numbers are known, and whose proposals have all their steps. */
bool sound(const vw_decision_rows &rows)
{
    size_t steps = 0;

    if (rows.head == nullptr) {
        return true;
    }
    if (!sound(rows.head, 1) || rows.book == nullptr || !sound(rows.book, 1) ||
        !sound(rows.signals, rows.signal_count) || !sound(rows.details, rows.detail_count) ||
        !sound(rows.layers, rows.layer_count) || !sound(rows.legs, rows.leg_count) ||
        !sound(rows.condors, rows.condor_count) || !sound(rows.proposals, rows.proposal_count) ||
        !sound(rows.steps, rows.step_count) || !sound(rows.given_up, rows.given_up_count)) {
        return false;
    }
    for (size_t i = 0; i < rows.proposal_count; i++) {
        steps += rows.proposals[i].steps;
    }
    return steps == rows.step_count;
}

/* What kind promises is there. */
bool complete(const vw_message &message)
{
    switch (message.kind) {
    case VW_MESSAGE_DEFINITIONS:
        return message.group.root[0] != '\0' && message.definition_count > 0;
    case VW_MESSAGE_GREEKS:
        return message.group.root[0] != '\0' && message.group.expiry != 0 &&
               message.greeks_count > 0;
    case VW_MESSAGE_SURFACE:
        return message.group.root[0] != '\0' && message.group.expiry != 0 &&
               message.surface != nullptr;
    case VW_MESSAGE_CURVE:
        return message.curve != nullptr && message.curve->points == message.curve_point_count;
    case VW_MESSAGE_HEDGE:
        return message.hedge != nullptr && message.hedge->layers == message.layer_count &&
               message.hedge->legs == message.leg_count;
    case VW_MESSAGE_STATUS:
        return message.unit_count > 0;
    case VW_MESSAGE_HEARTBEAT:
        return message.heartbeat != nullptr;
    }
    return false;
}

bool sound(const vw_message &message)
{
    return complete(message) && known_text(message.source, sizeof message.source) &&
           sound(message.group) && sound(message.counters, message.counter_count) &&
           sound(message.definitions, message.definition_count) &&
           sound(message.greeks, message.greeks_count) &&
           sound(message.surface, message.surface != nullptr) &&
           sound(message.curve, message.curve != nullptr) &&
           sound(message.curve_points, message.curve_point_count) &&
           sound(message.hedge, message.hedge != nullptr) &&
           sound(message.layers, message.layer_count) && sound(message.legs, message.leg_count) &&
           sound(message.units, message.unit_count) && sound(message.decision);
}

void take_header(const wire::Message &from, vw_message &to)
{
    to.kind = (vw_message_kind)from.kind();
    to.epoch = from.epoch();
    to.sequence = from.sequence();
    to.exchange_ns = from.exchange_ns();
    to.receive_ns = from.receive_ns();
    to.publish_ns = from.publish_ns();
    if (from.source() != nullptr) {
        strncpy(to.source, from.source()->c_str(), sizeof to.source - 1);
    }
    if (from.group() != nullptr) {
        std::memcpy(&to.group, from.group(), sizeof to.group);
    }
}

void take_heartbeat(vw_decoder &decoder, const wire::Heartbeat &from, vw_message &to)
{
    decoder.heartbeat = {};
    decoder.heartbeat.uptime_ns = from.uptime_ns();
    decoder.heartbeat.losses = from.losses();
    if (from.latency() != nullptr) {
        std::memcpy(&decoder.heartbeat.latency, from.latency(), sizeof decoder.heartbeat.latency);
    }
    decoder.counters.clear();
    if (from.counters() != nullptr) {
        for (const wire::Counter *counter : *from.counters()) {
            decoder.counters.push_back(
                {counter->name()->c_str(), counter->value(), counter->loss()});
        }
    }
    to.heartbeat = &decoder.heartbeat;
    to.counters = decoder.counters.data();
    to.counter_count = decoder.counters.size();
}

void take_decision(const wire::Decision &from, vw_decision_rows &to)
{
    to.head = take_row<vw_decision_row>(from.head());
    to.book = take_row<vw_decision_book_row>(from.book());
    to.signal_count = take_rows(from.signals(), &to.signals);
    to.detail_count = take_rows(from.details(), &to.details);
    to.layer_count = take_rows(from.layers(), &to.layers);
    to.leg_count = take_rows(from.legs(), &to.legs);
    to.condor_count = take_rows(from.condors(), &to.condors);
    to.proposal_count = take_rows(from.proposals(), &to.proposals);
    to.step_count = take_rows(from.steps(), &to.steps);
    to.given_up_count = take_rows(from.given_up(), &to.given_up);
}

vw_message take(vw_decoder &decoder, const wire::Message &from)
{
    vw_message to = {};

    take_header(from, to);
    to.definition_count = take_rows(from.definitions(), &to.definitions);
    to.greeks_count = take_rows(from.greeks(), &to.greeks);
    to.surface = take_row<vw_surface_row>(from.surface());
    to.curve = take_row<vw_curve_row>(from.curve());
    to.curve_point_count = take_rows(from.curve_points(), &to.curve_points);
    to.hedge = take_row<vw_hedge_row>(from.hedge());
    to.layer_count = take_rows(from.layers(), &to.layers);
    to.leg_count = take_rows(from.legs(), &to.legs);
    to.unit_count = take_rows(from.units(), &to.units);
    if (from.heartbeat() != nullptr) {
        take_heartbeat(decoder, *from.heartbeat(), to);
    }
    if (from.decision() != nullptr) {
        take_decision(*from.decision(), to.decision);
    }
    return to;
}

} // namespace

vw_decoder *vw_decoder_open(void)
{
    vw_rows_check();
    return new vw_decoder{};
}

void vw_decoder_close(vw_decoder *decoder)
{
    delete decoder;
}

bool vw_decode(vw_decoder *decoder, const void *frame, size_t size, char *topic,
               vw_message *message)
{
    const char *name = static_cast<const char *>(frame);
    size_t body = size - VW_TOPIC_SIZE;

    if (size <= VW_TOPIC_SIZE || size > VW_FRAME_SIZE_MAX || !known_text(name, VW_TOPIC_SIZE)) {
        return false;
    }
    decoder->aligned.resize((body + 7) / 8);
    std::memcpy(decoder->aligned.data(), name + VW_TOPIC_SIZE, body);

    const uint8_t *bytes = reinterpret_cast<const uint8_t *>(decoder->aligned.data());
    flatbuffers::Verifier verifier(bytes, body);

    if (body < 8 || !wire::VerifyMessageBuffer(verifier)) {
        return false;
    }
    const wire::Message *root = wire::GetMessage(bytes);

    if (!known(VW_WORDS_KIND, root->kind())) {
        return false;
    }
    const vw_message taken = take(*decoder, *root);

    if (!sound(taken)) {
        return false;
    }
    std::memcpy(topic, name, VW_TOPIC_SIZE);
    topic[VW_TOPIC_SIZE] = '\0';
    *message = taken;
    return true;
}
