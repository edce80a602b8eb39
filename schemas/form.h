/* form.h: a frame of greeks that the library laid out once, filled in for the next; C++ only.
 *
 * Where a field lies in a FlatBuffer follows from what is in it, not from its value: numbers that
 * are 0 are left out, the source has a length.  The first message of a source is built by the
 * library and kept; of the next, numbers, group, rows and their count are written over it, at the
 * places the library names.  The bytes are those it would have built.
 *
 * Shapes   messages of greeks as message.h has them, with a group, no number that is 0 and at most
 *          VW_FORM_ROWS rows; the others have no form, and are a thousand times rarer.
 * Memory   of fixed size; points into itself, so it stays where it is. */
#ifndef VW_SCHEMAS_FORM_H
#define VW_SCHEMAS_FORM_H

#include "schemas/rows.h"

enum {
    VW_FORM_ROWS = 256,
    VW_FORM_EDGE_SIZE = 512, /* before the rows, and behind them */
    VW_FORM_SIZE = 2 * VW_FORM_EDGE_SIZE + VW_FORM_ROWS * sizeof(vw_greeks_row),
    VW_FORM_NUMBERS_SIZE = 40,
};

struct vw_form {
    char source[VW_SOURCE_SIZE]; /* empty: nothing learnt yet */
    uint8_t *first;              /* of the frame */
    uint8_t *numbers, *group;    /* epoch to publish_ns, side by side as in vw_message */
    uint8_t *row_count, *rows;
    uint8_t *source_offset;            /* to the source, which stands behind the rows */
    flatbuffers::uoffset_t source_gap; /* that offset without the rows */
    size_t count;                      /* rows that the tail stands behind now */
    size_t head_size, tail_size;       /* of what stands before and behind the rows */
    uint8_t tail[VW_FORM_EDGE_SIZE];
    alignas(VW_LINE_PAIR) uint8_t bytes[VW_FORM_SIZE];
};

/* vw_form_has returns whether message can have a form at all. */
inline bool vw_form_has(const vw_message &message);

/* vw_form_fits returns whether message, which can have a form, has this one. */
inline bool vw_form_fits(const vw_form &form, const vw_message &message);

/* vw_form_fill writes message, which fits, over form and returns the frame; of a tick in place: a
 * call would cost a seventh more. */
inline vw_frame vw_form_fill(vw_form &form, const char *topic, const vw_message &message);

/* vw_form_learn makes frame, which the library built of message, the form. */
void vw_form_learn(vw_form &form, const vw_message &message, vw_frame frame);

/* vw_form_put_rows writes the rows of message alone, whatever their count, and returns the frame.
 */
vw_frame vw_form_put_rows(vw_form &form, const vw_message &message);

/* ---- inline definitions --------------------------------------------------------------------- */

inline bool vw_form_has(const vw_message &message)
{
    return message.kind == VW_MESSAGE_GREEKS && message.greeks_count - 1 < VW_FORM_ROWS &&
           message.epoch != 0 && message.sequence != 0 && message.exchange_ns != 0 &&
           message.receive_ns != 0 && message.publish_ns != 0 && message.source[0] != '\0' &&
           message.group.root[0] != '\0';
}

inline bool vw_form_fits(const vw_form &form, const vw_message &message)
{
    return std::memcmp(form.source, message.source, sizeof form.source) == 0;
}

inline vw_frame vw_form_fill(vw_form &form, const char *topic, const vw_message &message)
{
    static_assert(offsetof(vw_message, publish_ns) + sizeof message.publish_ns -
                          offsetof(vw_message, epoch) ==
                      VW_FORM_NUMBERS_SIZE,
                  "side by side");
    uint8_t *const first = form.first, *const numbers = form.numbers, *const group = form.group;

    std::memcpy(first, topic, VW_TOPIC_SIZE);
    /* One by one: a wider load would wait for the stores that have just filled message in. */
    std::memcpy(numbers, &message.epoch, 8);
    std::memcpy(numbers + 8, &message.sequence, 8);
    std::memcpy(numbers + 16, &message.exchange_ns, 8);
    std::memcpy(numbers + 24, &message.receive_ns, 8);
    std::memcpy(numbers + 32, &message.publish_ns, 8);
    std::memcpy(group, &message.group, sizeof message.group);
    if (message.greeks_count != 1 || form.count != 1) {
        return vw_form_put_rows(form, message);
    }
    std::memcpy(form.rows, message.greeks, sizeof *message.greeks);
    return {first, form.head_size + sizeof *message.greeks + form.tail_size};
}

#endif
