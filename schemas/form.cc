#include "schemas/form.h"

using flatbuffers::uoffset_t;
using fields = wire::Message;

static_assert(sizeof(vw_greeks_row) % 8 == 0, "or padding would depend on the count of rows");

vw_frame vw_form_put_rows(vw_form &form, const vw_message &message)
{
    const size_t count = message.greeks_count, size = count * sizeof *message.greeks;

    if (count != form.count) { /* what stands behind the rows moves with their count */
        flatbuffers::WriteScalar(form.row_count, (uoffset_t)count);
        flatbuffers::WriteScalar(form.source_offset, (uoffset_t)(form.source_gap + size));
        std::memcpy(form.rows + size, form.tail, form.tail_size);
        form.count = count;
    }
    std::memcpy(form.rows, message.greeks, size);
    return {form.first, form.head_size + size + form.tail_size};
}

void vw_form_learn(vw_form &form, const vw_message &message, vw_frame frame)
{
    const size_t size = message.greeks_count * sizeof(vw_greeks_row);
    const auto *const built = static_cast<const uint8_t *>(frame.bytes);
    const auto *const root = wire::GetMessage(built + VW_TOPIC_SIZE);

    form.head_size = (size_t)(root->greeks()->Data() - built);
    vw_check(form.head_size <= VW_FORM_EDGE_SIZE);
    /* The rows begin a cache line: they are most of what is copied. */
    form.rows = form.bytes + VW_FORM_EDGE_SIZE;
    form.first = form.rows - form.head_size;
    form.tail_size = frame.size - form.head_size - size;
    vw_check(form.tail_size <= VW_FORM_EDGE_SIZE);
    std::memcpy(form.first, built, frame.size);
    std::memcpy(form.tail, built + form.head_size + size, form.tail_size);

    auto *const table = flatbuffers::GetMutableRoot<flatbuffers::Table>(form.first + VW_TOPIC_SIZE);

    form.numbers = table->GetAddressOf(fields::VT_EPOCH);
    vw_check(std::memcmp(form.numbers, &message.epoch, VW_FORM_NUMBERS_SIZE) == 0);
    form.group = table->GetAddressOf(fields::VT_GROUP);
    form.row_count = table->GetPointer<uint8_t *>(fields::VT_GREEKS);
    vw_check(form.row_count == form.rows - sizeof(uoffset_t));
    form.source_offset = table->GetAddressOf(fields::VT_SOURCE);
    form.source_gap = (uoffset_t)(flatbuffers::ReadScalar<uoffset_t>(form.source_offset) - size);
    form.count = message.greeks_count;
    std::memcpy(form.source, message.source, sizeof form.source);
}
