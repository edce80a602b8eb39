#include "schemas/form.h"

struct vw_encoder {
    flatbuffers::FlatBufferBuilder builder{64 << 10};
    vw_form form;
};

namespace
{

using builder_t = flatbuffers::FlatBufferBuilder;

template <typename T> using rows_t = flatbuffers::Offset<flatbuffers::Vector<const T *>>;

/* What must be finished before the table itself begins. */
struct parts {
    flatbuffers::Offset<flatbuffers::String> source;
    rows_t<wire::Definition> definitions;
    rows_t<wire::Greeks> greeks;
    rows_t<wire::CurvePoint> curve_points;
    rows_t<wire::HedgeLayer> layers;
    rows_t<wire::HedgeLeg> legs;
    rows_t<wire::Unit> units;
    flatbuffers::Offset<wire::Heartbeat> heartbeat;
    flatbuffers::Offset<wire::Decision> decision;
};

template <typename T, typename R>
rows_t<T> put_rows(builder_t &builder, const R *rows, size_t count)
{
    static_assert(sizeof(T) == sizeof(R), "copied as bytes");
    return count == 0 ? 0 : builder.CreateVectorOfStructs(reinterpret_cast<const T *>(rows), count);
}

template <typename T, typename R> T as_struct(const R &row)
{
    T copy;

    static_assert(sizeof(T) == sizeof(R), "copied as bytes");
    std::memcpy(static_cast<void *>(&copy), &row, sizeof copy);
    return copy;
}

flatbuffers::Offset<wire::Heartbeat> put_heartbeat(builder_t &builder, const vw_message &message)
{
    const vw_heartbeat &heartbeat = *message.heartbeat;
    const wire::Latency latency = as_struct<wire::Latency>(heartbeat.latency);
    auto counters = builder.CreateVector<flatbuffers::Offset<wire::Counter>>(
        message.counter_count, [&](size_t i) {
            const vw_counter_value &counter = message.counters[i];

            return wire::CreateCounterDirect(builder, counter.name, counter.value, counter.loss);
        });

    return wire::CreateHeartbeat(builder, heartbeat.uptime_ns, heartbeat.losses, &latency,
                                 counters);
}

flatbuffers::Offset<wire::Decision> put_decision(builder_t &builder, const vw_decision_rows &rows)
{
    const auto signals = put_rows<wire::SignalValue>(builder, rows.signals, rows.signal_count);
    const auto details = put_rows<wire::SignalValue>(builder, rows.details, rows.detail_count);
    const auto layers = put_rows<wire::DecisionLayer>(builder, rows.layers, rows.layer_count);
    const auto legs = put_rows<wire::DecisionLeg>(builder, rows.legs, rows.leg_count);
    const auto condors = put_rows<wire::DecisionCondor>(builder, rows.condors, rows.condor_count);
    const auto proposals = put_rows<wire::Proposal>(builder, rows.proposals, rows.proposal_count);
    const auto steps = put_rows<wire::ProposalStep>(builder, rows.steps, rows.step_count);
    const auto given_up = put_rows<wire::GivenUp>(builder, rows.given_up, rows.given_up_count);
    const auto head = as_struct<wire::DecisionHead>(*rows.head);
    const auto book = as_struct<wire::DecisionBook>(*rows.book);

    return wire::CreateDecision(builder, &head, &book, signals, details, layers, legs, condors,
                                proposals, steps, given_up);
}

parts put_parts(builder_t &builder, const vw_message &message)
{
    parts done;

    done.source = builder.CreateString(message.source, strnlen(message.source, VW_SOURCE_SIZE));
    done.definitions =
        put_rows<wire::Definition>(builder, message.definitions, message.definition_count);
    done.greeks = put_rows<wire::Greeks>(builder, message.greeks, message.greeks_count);
    done.curve_points =
        put_rows<wire::CurvePoint>(builder, message.curve_points, message.curve_point_count);
    done.layers = put_rows<wire::HedgeLayer>(builder, message.layers, message.layer_count);
    done.legs = put_rows<wire::HedgeLeg>(builder, message.legs, message.leg_count);
    done.units = put_rows<wire::Unit>(builder, message.units, message.unit_count);
    if (message.heartbeat != nullptr) {
        done.heartbeat = put_heartbeat(builder, message);
    }
    if (message.decision.head != nullptr) {
        done.decision = put_decision(builder, message.decision);
    }
    return done;
}

void put_inline_rows(wire::MessageBuilder &table, const vw_message &message)
{
    if (message.surface != nullptr) {
        const wire::Surface row = as_struct<wire::Surface>(*message.surface);

        table.add_surface(&row);
    }
    if (message.curve != nullptr) {
        const wire::Curve row = as_struct<wire::Curve>(*message.curve);

        table.add_curve(&row);
    }
    if (message.hedge != nullptr) {
        const wire::Hedge row = as_struct<wire::Hedge>(*message.hedge);

        table.add_hedge(&row);
    }
    if (message.group.root[0] != '\0') {
        const wire::Group row = as_struct<wire::Group>(message.group);

        table.add_group(&row);
    }
}

flatbuffers::Offset<wire::Message> put_message(builder_t &builder, const vw_message &message)
{
    const parts done = put_parts(builder, message);
    wire::MessageBuilder table(builder);

    put_inline_rows(table, message);
    table.add_decision(done.decision);
    table.add_heartbeat(done.heartbeat);
    table.add_units(done.units);
    table.add_legs(done.legs);
    table.add_layers(done.layers);
    table.add_curve_points(done.curve_points);
    table.add_greeks(done.greeks);
    table.add_definitions(done.definitions);
    table.add_source(done.source);
    table.add_publish_ns(message.publish_ns);
    table.add_receive_ns(message.receive_ns);
    table.add_exchange_ns(message.exchange_ns);
    table.add_sequence(message.sequence);
    table.add_epoch(message.epoch);
    table.add_kind((wire::Kind)message.kind);
    return table.Finish();
}

/* Kept out of vw_encode, whose registers it would take. */
[[gnu::noinline]] vw_frame build(vw_encoder &encoder, const char *topic, const vw_message &message,
                                 bool has_form)
{
    builder_t &builder = encoder.builder;

    builder.Clear();
    wire::FinishMessageBuffer(builder, put_message(builder, message));
    /* A FlatBuffer grows downwards and begins 8-byte aligned; so does the frame, 32 bytes before.
     */
    builder.PushFlatBuffer(reinterpret_cast<const uint8_t *>(topic), VW_TOPIC_SIZE);
    const vw_frame frame = {builder.GetBufferPointer(), builder.GetSize()};

    if (has_form) {
        vw_form_learn(encoder.form, message, frame);
    }
    return frame;
}

} // namespace

vw_encoder *vw_encoder_open(void)
{
    vw_rows_check();
    return new vw_encoder();
}

void vw_encoder_close(vw_encoder *encoder)
{
    delete encoder;
}

vw_frame vw_encode(vw_encoder *encoder, const char *topic, const vw_message *message)
{
    const bool has_form = vw_form_has(*message);

    if (has_form && vw_form_fits(encoder->form, *message)) {
        return vw_form_fill(encoder->form, topic, *message);
    }
    return build(*encoder, topic, *message, has_form);
}
