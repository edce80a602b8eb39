/* Google's builder, used as its tutorial does: the message is laid out anew each time. */
#include "schemas/rows.h"

#include "bench/rivals/rivals.h"

size_t vw_rival_flatbuffers(const vw_message *message)
{
    static flatbuffers::FlatBufferBuilder builder(1 << 16);
    const auto *const rows = reinterpret_cast<const wire::Greeks *>(message->greeks);
    const auto *const group = reinterpret_cast<const wire::Group *>(&message->group);

    builder.Clear();
    builder.Finish(wire::CreateMessage(builder, wire::Kind_greeks, message->epoch,
                                       message->sequence, message->exchange_ns, message->receive_ns,
                                       message->publish_ns, builder.CreateString(message->source),
                                       group, 0,
                                       builder.CreateVectorOfStructs(rows, message->greeks_count)),
                   wire::MessageIdentifier());
    return builder.GetSize();
}
