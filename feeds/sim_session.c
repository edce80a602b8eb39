#include "feeds/sim_session.h"

#include "core/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum { PER_SECOND = 320, PER_MINUTE = 1500, PER_DAY = 100000, CONTROL = 4096 };

/* The most that a series takes in an image: status, settlement, two orders a side. */
enum { SERIES_MAX = 32 + 32 + 4 * sizeof(vw_wire_add_expanded_c1) };

static const int64_t silent_ns = 5 * VW_NS_PER_SECOND;

vw_err vw_sim_recovery_open(vw_sim_recovery *recovery, vw_error *error)
{
    /* A block for every 16 series is more headers than there will be. */
    recovery->out_capacity = CONTROL + recovery->market->series_count * (SERIES_MAX + 1);
    recovery->out = calloc(VW_SIM_SESSIONS, recovery->out_capacity);
    if (recovery->out == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for the recovery servers' images");
    }
    for (size_t i = 0; i < VW_SIM_SESSIONS; i++) {
        recovery->sessions[i].out = recovery->out + i * recovery->out_capacity;
    }
    return VW_OK;
}

void vw_sim_recovery_close(vw_sim_recovery *recovery)
{
    free(recovery->out);
    recovery->out = NULL;
}

vw_sim_session *vw_sim_session_begin(vw_sim_recovery *recovery, vw_sim_server server,
                                     size_t channel, int64_t now_ns)
{
    for (size_t i = 0; i < VW_SIM_SESSIONS; i++) {
        vw_sim_session *session = &recovery->sessions[i];

        if (!session->open) {
            *session = (vw_sim_session){.open = true,
                                        .server = server,
                                        .channel = channel,
                                        .socket = -1,
                                        .heard_ns = now_ns,
                                        .sent_ns = now_ns,
                                        .available_ns = now_ns,
                                        .out = session->out};
            return session;
        }
    }
    return NULL;
}

void vw_sim_session_end(vw_sim_session *session)
{
    session->open = false;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static void say(const vw_sim_recovery *recovery, vw_sim_session *session,
                const vw_recovery_message *message, int64_t now_ns)
{
    session->sent_ns = now_ns;
    if (session->out_size + VW_RECOVERY_PACKED_MAX > recovery->out_capacity) {
        session->cut = true; /* it does not read */
        return;
    }
    session->out_size += vw_recovery_pack(message, session->unit, session->out + session->out_size);
}

/* unit_of finds the unit a block speaks of; NULL: there is no such unit. */
static vw_sim_unit *unit_of(const vw_sim_recovery *recovery, const vw_sim_session *session,
                            uint8_t number)
{
    const vw_sim_channel *channel = &recovery->channels[session->channel];

    for (size_t i = 0; i < channel->unit_count; i++) {
        if (channel->units[i].number == number) {
            return &channel->units[i];
        }
    }
    return NULL;
}

static bool same(const char *a, const char *b, size_t size)
{
    return strncmp(a, b, size) == 0;
}

static char judge_login(const vw_sim_recovery *recovery, const vw_sim_session *session,
                        const vw_recovery_login *login)
{
    const vw_recovery_login *known = &recovery->addresses[session->channel].recovery.login;

    if ((recovery->refuse & VW_SIM_REFUSE_LOGIN) != 0 ||
        !same(login->user, known->user, sizeof login->user) ||
        !same(login->password, known->password, sizeof login->password)) {
        return 'N';
    }
    return same(login->session, known->session, sizeof login->session) ? 'A' : 'S';
}

static void tell_image(vw_sim_recovery *recovery, vw_sim_session *session, int64_t now_ns)
{
    const vw_sim_unit *unit = unit_of(recovery, session, session->unit);

    session->available_ns = now_ns;
    if (unit != NULL) {
        vw_recovery_message message = {.type = VW_RECOVERY_IMAGE_AVAILABLE,
                                       .sequence = unit->sequence - 1};

        say(recovery, session, &message, now_ns);
    }
}

static void take_login(vw_sim_recovery *recovery, vw_sim_session *session,
                       const vw_recovery_message *message, int64_t now_ns)
{
    char status = judge_login(recovery, session, &message->login);
    vw_recovery_message response = {.type = VW_RECOVERY_LOGIN_RESPONSE, .status = status};

    say(recovery, session, &response, now_ns);
    session->logged_in = status == 'A';
    session->cut = status != 'A';
    recovery->logins += status == 'A';
    if (session->logged_in && session->server == VW_SIM_SPIN_SERVER) {
        tell_image(recovery, session, now_ns);
    }
}

/* ---- gap request proxy ----------------------------------------------------------------------- */

static void replay(vw_sim_recovery *recovery, const vw_sim_session *session,
                   const vw_sim_unit *unit, uint32_t first, uint32_t count, int64_t now_ns)
{
    vw_sim_line *line = &recovery->replays[session->channel];
    unsigned char bytes[VW_PITCH_BLOCK_MAX];
    vw_pitch_writer writer;

    vw_pitch_begin(&writer, bytes, sizeof bytes, unit->number, first);
    for (uint32_t sequence = first; sequence < first + count; sequence++) {
        const unsigned char *message = unit->history[sequence % VW_SIM_HISTORY];

        if (!vw_pitch_add(&writer, message, message[0])) {
            vw_sim_line_put(line, bytes, vw_pitch_end(&writer), now_ns);
            vw_pitch_begin(&writer, bytes, sizeof bytes, unit->number, sequence);
            vw_pitch_add(&writer, message, message[0]);
        }
    }
    vw_sim_line_put(line, bytes, vw_pitch_end(&writer), now_ns);
    vw_sim_line_flush(line, now_ns);
    recovery->replayed += count;
}

/* within_quota counts one more request in each of the quotas; the letter of the one that is used
 * up, or 'A'. */
static char within_quota(vw_sim_session *session, int64_t now_ns)
{
    if (now_ns - session->second_ns >= VW_NS_PER_SECOND) {
        session->second_ns = now_ns;
        session->in_second = 0;
    }
    if (now_ns - session->minute_ns >= 60 * VW_NS_PER_SECOND) {
        session->minute_ns = now_ns;
        session->in_minute = 0;
    }
    session->in_day++;
    session->in_minute++;
    session->in_second++;
    return session->in_day > PER_DAY         ? 'D'
           : session->in_minute > PER_MINUTE ? 'M'
           : session->in_second > PER_SECOND ? 'S'
                                             : 'A';
}

static char judge_gap(const vw_sim_recovery *recovery, vw_sim_session *session,
                      const vw_sim_unit *unit, const vw_recovery_message *message, int64_t now_ns)
{
    char quota = within_quota(session, now_ns);

    if (unit == NULL) {
        return 'I';
    }
    if ((recovery->refuse & VW_SIM_REFUSE_GAP) != 0) {
        return 'U';
    }
    if (message->count > VW_SIM_GAP_MESSAGES) {
        return 'C';
    }
    if (unit->history == NULL || message->sequence == 0 || message->count == 0 ||
        message->sequence >= unit->sequence ||
        message->count > unit->sequence - message->sequence ||
        unit->sequence - message->sequence > VW_SIM_HISTORY) {
        return 'O';
    }
    return quota;
}

static void take_gap(vw_sim_recovery *recovery, vw_sim_session *session,
                     const vw_recovery_message *message, int64_t now_ns)
{
    const vw_sim_unit *unit = unit_of(recovery, session, message->unit);
    vw_recovery_message response = *message;

    response.type = VW_RECOVERY_GAP_RESPONSE;
    response.status = judge_gap(recovery, session, unit, message, now_ns);
    recovery->gap_requests++;
    recovery->gap_refusals += response.status != 'A';
    say(recovery, session, &response, now_ns);
    if (response.status == 'A' && (recovery->refuse & VW_SIM_REFUSE_REPLAY) == 0) {
        replay(recovery, session, unit, message->sequence, message->count, now_ns);
    }
}

/* ---- spin server ------------------------------------------------------------------------------
 */

/* Messages into blocks of a session's out buffer. */
typedef struct pen {
    const vw_sim_recovery *recovery;
    vw_sim_session *session;
    const vw_sim_unit *unit;
    vw_pitch_writer writer;
    uint32_t offset_ns; /* since the unit's last Time */
    uint32_t messages;
} pen;

static void pen_begin(pen *self)
{
    unsigned char *to = self->session->out + self->session->out_size;
    size_t left = self->recovery->out_capacity - self->session->out_size;

    vw_pitch_begin(&self->writer, to, left < VW_PITCH_BLOCK_MAX ? left : VW_PITCH_BLOCK_MAX,
                   self->unit->number, 0);
}

static void pen_end(pen *self)
{
    self->session->out_size += self->writer.head.count > 0 ? vw_pitch_end(&self->writer) : 0;
}

static void pen_add(pen *self, vw_pitch_message *message)
{
    vw_dialect dialect = self->recovery->channels[self->session->channel].dialect;
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];

    message->time_offset_ns = self->offset_ns;
    size_t size = vw_pitch_encode(dialect, message, bytes);

    if (!vw_pitch_add(&self->writer, bytes, size)) {
        pen_end(self);
        pen_begin(self);
        bool fits = vw_pitch_add(&self->writer, bytes, size);

        vw_check(fits);
    }
    self->messages++;
}

static void add_order(pen *self, const vw_sim_book *book, const vw_sim_order *order, char side)
{
    vw_pitch_message message = {
        .type =
            vw_pitch_fits_short(order->price, order->size) ? VW_PITCH_ADD_SHORT : VW_PITCH_ADD_LONG,
        .order = {
            .order_id = order->id, .price = order->price, .quantity = order->size, .side = side}};

    if (order->id != 0) {
        memcpy(message.order.symbol, book->symbol, sizeof message.order.symbol);
        pen_add(self, &message);
    }
}

static bool is_of(const pen *self, const vw_sim_book *book)
{
    return &book->channel->units[book->unit] == self->unit;
}

static uint32_t count_orders(const pen *self)
{
    uint32_t count = 0;

    for (size_t i = 0; i < self->recovery->market->series_count; i++) {
        const vw_sim_book *book = &self->recovery->flow->books[i];

        for (size_t side = 0; is_of(self, book) && side < 2; side++) {
            count += book->best[side].id != 0;
            count += book->behind[side].id != 0;
        }
    }
    return count;
}

/* add_series writes status, settlement and orders of a series that has been announced. */
static void add_series(pen *self, const vw_sim_book *book)
{
    vw_pitch_message status = {.type = VW_PITCH_TRADING_STATUS,
                               .status = {.status = 'T', .global_status = 'T'}};

    memcpy(status.status.symbol, book->symbol, sizeof status.status.symbol);
    pen_add(self, &status);
    if (book->settlement != 0) {
        vw_pitch_message settlement = {.type = VW_PITCH_SETTLEMENT,
                                       .day = {.price = book->settlement,
                                               .trade_date = self->recovery->flow->settlement_date,
                                               .issue = 'R'}};

        memcpy(settlement.day.symbol, book->symbol, sizeof settlement.day.symbol);
        pen_add(self, &settlement);
    }
    for (size_t side = 0; side < 2; side++) {
        add_order(self, book, &book->best[side], "BS"[side]);
        add_order(self, book, &book->behind[side], "BS"[side]);
    }
}

static void write_image(pen *self)
{
    vw_pitch_message time =
        vw_sim_channel_time(&self->recovery->channels[self->session->channel], self->unit->second);

    self->offset_ns = (uint32_t)(self->unit->market_ns - self->unit->second * VW_NS_PER_SECOND);
    pen_begin(self);
    pen_add(self, &time);
    for (size_t i = 0; i < self->recovery->market->series_count; i++) {
        const vw_sim_book *book = &self->recovery->flow->books[i];

        if (is_of(self, book) && book->known) {
            add_series(self, book);
        }
        if ((self->recovery->refuse & VW_SIM_REFUSE_CUT) != 0 && self->messages > 20) {
            self->session->cut = true;
            break;
        }
    }
    pen_end(self);
}

static void write_definitions(pen *self)
{
    pen_begin(self);
    for (size_t i = 0; i < self->recovery->market->series_count; i++) {
        if (is_of(self, &self->recovery->flow->books[i])) {
            vw_pitch_message message;

            vw_sim_loop_definition(self->recovery->market, self->recovery->flow->books, i,
                                   &message);
            pen_add(self, &message);
        }
    }
    pen_end(self);
}

static uint32_t count_definitions(const pen *self)
{
    uint32_t count = 0;

    for (size_t i = 0; i < self->recovery->market->series_count; i++) {
        count += is_of(self, &self->recovery->flow->books[i]);
    }
    return count;
}

static void take_spin(vw_sim_recovery *recovery, vw_sim_session *session,
                      const vw_recovery_message *message, int64_t now_ns)
{
    bool definitions = message->type == VW_RECOVERY_DEFINITION_REQUEST;
    pen to = {.recovery = recovery,
              .session = session,
              .unit = unit_of(recovery, session, session->unit)};
    vw_recovery_message response = {.type = definitions ? VW_RECOVERY_DEFINITION_RESPONSE
                                                        : VW_RECOVERY_SPIN_RESPONSE,
                                    .sequence = message->sequence,
                                    .status = 'O'};

    if (session->out_size > CONTROL / 2) {
        response.status = 'S'; /* the last one is still on its way */
    } else if (to.unit != NULL && message->sequence < to.unit->sequence &&
               to.unit->second != INT64_MIN && (recovery->refuse & VW_SIM_REFUSE_SPIN) == 0) {
        response.status = 'A';
        response.sequence = to.unit->sequence - 1;
        response.count = definitions ? count_definitions(&to) : count_orders(&to);
    }
    say(recovery, session, &response, now_ns);
    recovery->images += response.status == 'A' && !definitions;
    recovery->image_refusals += response.status != 'A';
    if (response.status != 'A') {
        return;
    }
    if (definitions) {
        write_definitions(&to);
        return;
    }
    write_image(&to);
    if (!session->cut) {
        response.type = VW_RECOVERY_SPIN_FINISHED;
        say(recovery, session, &response, now_ns);
    }
}

/* ---- what is heard ----------------------------------------------------------------------------
 */

static void take(vw_sim_recovery *recovery, vw_sim_session *session,
                 const vw_recovery_message *message, int64_t now_ns)
{
    bool spins = session->server == VW_SIM_SPIN_SERVER;

    if (message->type == VW_RECOVERY_LOGIN && !session->logged_in) {
        take_login(recovery, session, message, now_ns);
    } else if (!session->logged_in) {
        session->cut = true;
    } else if (message->type == VW_RECOVERY_GAP_REQUEST && !spins) {
        take_gap(recovery, session, message, now_ns);
    } else if (spins && (message->type == VW_RECOVERY_SPIN_REQUEST ||
                         message->type == VW_RECOVERY_DEFINITION_REQUEST)) {
        take_spin(recovery, session, message, now_ns);
    } else {
        session->cut = true;
    }
}

static bool take_block(vw_sim_recovery *recovery, vw_sim_session *session,
                       const vw_wire_block *block, const unsigned char *from, int64_t now_ns)
{
    size_t left = block->length - sizeof *block;

    session->unit = block->count > 0 ? block->unit : session->unit;
    for (uint32_t i = 0; i < block->count && !session->cut; i++) {
        vw_recovery_message message;
        int used = vw_recovery_decode(from, left, &message);

        if (used <= 0) {
            return false;
        }
        take(recovery, session, &message, now_ns);
        from += used;
        left -= (size_t)used;
    }
    return true;
}

bool vw_sim_session_take(vw_sim_recovery *recovery, vw_sim_session *session,
                         const unsigned char *bytes, size_t size, int64_t now_ns)
{
    size_t done = 0;
    bool good = size <= sizeof session->in - session->in_size;

    session->heard_ns = now_ns;
    if ((recovery->refuse & VW_SIM_REFUSE_SILENTLY) != 0) {
        return true;
    }
    if (!good) {
        return false;
    }
    memcpy(session->in + session->in_size, bytes, size);
    session->in_size += size;
    while (good && !session->cut) {
        vw_wire_block block;
        int used = vw_recovery_block(session->in + done, session->in_size - done, &block);

        if (used == VW_PITCH_MORE) {
            break;
        }
        good = used > 0 &&
               take_block(recovery, session, &block, session->in + done + sizeof block, now_ns);
        done += used > 0 ? (size_t)used : 0;
    }
    session->in_size -= done;
    memmove(session->in, session->in + done, session->in_size);
    return good;
}

bool vw_sim_session_idle(vw_sim_recovery *recovery, vw_sim_session *session, int64_t now_ns)
{
    if (now_ns - session->heard_ns >= silent_ns) {
        return false;
    }
    if (!session->logged_in || session->cut) {
        return true;
    }
    if (session->server == VW_SIM_SPIN_SERVER && session->out_size == 0 &&
        now_ns - session->available_ns >= VW_NS_PER_SECOND) {
        tell_image(recovery, session, now_ns);
    }
    if (now_ns - session->sent_ns >= VW_NS_PER_SECOND) {
        say(recovery, session, NULL, now_ns);
    }
    return true;
}
