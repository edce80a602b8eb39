#include "feeds/feed_state.h"

enum { NO_SPIN = 0 }; /* vw_feed_unit.spin is 1 + index */

/* Between two images of a unit: on lines that bad it would do nothing but take images. */
#define REST_NS VW_NS_PER_SECOND

static const vw_recovery_config *config_of(const vw_feed *feed, uint32_t number)
{
    return &feed->config.channels[feed->units[number].channel].recovery;
}

/* server_of finds the spin server of a unit: its own, or one of every unit (0); NULL: none. */
static const vw_server_config *server_of(const vw_feed *feed, uint32_t number)
{
    const vw_recovery_config *config = config_of(feed, number);

    for (size_t i = 0; i < config->spin_count; i++) {
        if (config->spins[i].unit == feed->units[number].number || config->spins[i].unit == 0) {
            return &config->spins[i];
        }
    }
    return NULL;
}

void vw_feed_spin_init(vw_feed *feed, size_t index)
{
    feed->spins[index].link = (vw_link){.streams = &feed->streams,
                                        .counters = feed->config.counters,
                                        .stream = (uint32_t)(VW_FEED_CHANNELS_MAX + index)};
}

void vw_feed_want_image(vw_feed *feed, uint32_t number)
{
    feed->units[number].wants_image = server_of(feed, number) != NULL;
}

/* let_go ends a spin; the unit goes on with what it held. */
static void let_go(vw_feed *feed, vw_feed_spin *spin, bool lost)
{
    uint32_t number = spin->unit;
    bool frozen = spin->state > VW_SPIN_LOGIN;

    vw_link_close(&spin->link, lost);
    spin->state = VW_SPIN_FREE;
    feed->units[number].spin = NO_SPIN;
    if (feed->units[number].imaging) {
        vw_feed_unit_image_broken(feed, number);
    }
    if (frozen) {
        vw_arbiter_thaw(feed->arbiter, number, 0);
        vw_feed_unit_catch_up(feed, number);
    }
}

void vw_feed_forget_image(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];

    unit->wants_image = false;
    if (unit->spin != NO_SPIN) {
        vw_feed_spin *spin = &feed->spins[unit->spin - 1];

        vw_link_close(&spin->link, false);
        spin->state = VW_SPIN_FREE;
        unit->spin = NO_SPIN;
        unit->imaging = false;
    }
}

void vw_feed_spin_failed(vw_feed *feed, size_t index, bool lost)
{
    vw_feed_spin *spin = &feed->spins[index];

    if (spin->state != VW_SPIN_FREE) {
        vw_feed_count(feed, VW_COUNT_SPINS_FAILED);
        vw_backoff_fail(&feed->units[spin->unit].image_backoff, feed->now_ns);
        let_go(feed, spin, lost);
    }
}

static void begin(vw_feed *feed, uint32_t number)
{
    const vw_server_config *server = server_of(feed, number);
    vw_feed_unit *unit = &feed->units[number];
    size_t index = 0;

    while (index < VW_FEED_SPINS_MAX && feed->spins[index].state != VW_SPIN_FREE) {
        index++;
    }
    if (index == VW_FEED_SPINS_MAX || server == NULL) {
        return;
    }
    vw_feed_spin *spin = &feed->spins[index];

    spin->link.unit = unit->number;
    spin->link.login = &config_of(feed, number)->login;
    if (!vw_link_open(&spin->link, server->address, server->port, feed->now_ns)) {
        vw_backoff_fail(&unit->image_backoff, feed->now_ns);
        return;
    }
    spin->state = VW_SPIN_LOGIN;
    spin->unit = number;
    spin->deadline_ns = feed->now_ns + config_of(feed, number)->spin_timeout_ns;
    unit->spin = (uint8_t)(index + 1);
}

void vw_feed_spin_recover(vw_feed *feed)
{
    for (size_t i = 0; i < VW_FEED_SPINS_MAX; i++) {
        vw_feed_spin *spin = &feed->spins[i];

        if (spin->state == VW_SPIN_FREE) {
            continue;
        }
        bool thawed =
            spin->state > VW_SPIN_LOGIN && !vw_arbiter_is_frozen(feed->arbiter, spin->unit);

        if (!feed->units[spin->unit].wants_image) { /* whole in another way */
            let_go(feed, spin, false);
        } else if (!vw_link_alive(&spin->link, feed->now_ns)) {
            vw_feed_spin_failed(feed, i, true);
        } else if (feed->now_ns >= spin->deadline_ns || thawed) {
            vw_feed_spin_failed(feed, i, false);
        }
    }
    for (uint32_t i = 0; i < feed->unit_count; i++) {
        const vw_feed_unit *unit = &feed->units[i];

        if (unit->wants_image && unit->spin == NO_SPIN && unit->begun && !unit->silent &&
            feed->now_ns >= unit->image_backoff.until_ns) {
            begin(feed, i);
        }
    }
}

/* ---- what the server says -------------------------------------------------------------------- */

/* Where the bytes at hand come from. */
typedef struct place {
    vw_feed *feed;
    vw_feed_spin *spin;
    bool good;
} place;

static bool ask(place *at, vw_recovery_type type, vw_spin_state next)
{
    vw_recovery_message request = {.type = type, .sequence = at->spin->sequence};

    at->spin->state = next;
    at->spin->left = 0;
    return vw_link_send(&at->spin->link, &request, at->feed->now_ns);
}

static bool ask_image(place *at)
{
    vw_feed_count(at->feed, VW_COUNT_SPINS);
    return ask(at, VW_RECOVERY_SPIN_REQUEST, VW_SPIN_ASKED);
}

/* new_enough says whether nothing is missing between an image and what is held. */
static bool new_enough(const place *at, uint32_t sequence)
{
    return (uint64_t)sequence + 1 >= vw_arbiter_expected(at->feed->arbiter, at->spin->unit);
}

static bool take_available(place *at, uint32_t sequence)
{
    at->spin->sequence = sequence;
    if (at->spin->state != VW_SPIN_WAIT || !new_enough(at, sequence)) {
        return true;
    }
    return at->feed->units[at->spin->unit].definitions_spun
               ? ask_image(at)
               : ask(at, VW_RECOVERY_DEFINITION_REQUEST, VW_SPIN_DEFINITIONS);
}

/* A server without a definition spin refuses; the definitions come in the loop then. */
static bool take_definition_response(place *at, const vw_recovery_message *message)
{
    if (at->spin->state != VW_SPIN_DEFINITIONS) {
        return false;
    }
    at->feed->units[at->spin->unit].definitions_spun = true;
    at->spin->left = message->status == 'A' ? message->count : 0;
    return at->spin->left > 0 || ask_image(at);
}

static bool take_spin_response(place *at, const vw_recovery_message *message)
{
    if (at->spin->state != VW_SPIN_ASKED || message->status != 'A' ||
        !new_enough(at, message->sequence)) {
        return false;
    }
    at->spin->state = VW_SPIN_IMAGE;
    at->spin->sequence = message->sequence;
    at->spin->left = message->count;
    vw_feed_unit_image(at->feed, at->spin->unit);
    return true;
}

static bool take_finished(place *at, uint32_t sequence)
{
    vw_feed *feed = at->feed;
    uint32_t number = at->spin->unit;

    if (at->spin->state != VW_SPIN_IMAGE || sequence != at->spin->sequence || at->spin->left > 0) {
        return false;
    }
    vw_feed_count(feed, VW_COUNT_SPINS_HEALED);
    feed->units[number].image_backoff = (vw_backoff){.until_ns = feed->now_ns + REST_NS};
    feed->units[number].spin = NO_SPIN;
    feed->units[number].sequence = sequence;
    at->spin->state = VW_SPIN_FREE;
    vw_link_close(&at->spin->link, false);
    vw_feed_unit_imaged(feed, number);
    vw_arbiter_thaw(feed->arbiter, number, sequence + 1);
    return true;
}

static bool is_add(uint8_t type)
{
    return type == VW_PITCH_ADD_LONG || type == VW_PITCH_ADD_SHORT || type == VW_PITCH_ADD_EXPANDED;
}

/* take_other takes a message of PITCH: a definition, or part of the image. */
static bool take_other(place *at, const unsigned char *from)
{
    vw_run run = {.from = from, .size = from[0], .count = 1, .receive_ns = at->feed->now_ns};
    bool definition = from[1] == VW_PITCH_MAPPING || from[1] == VW_PITCH_FUTURE;
    vw_feed_spin *spin = at->spin;

    if (spin->state != VW_SPIN_IMAGE && !(spin->state == VW_SPIN_DEFINITIONS && spin->left > 0)) {
        return true; /* neither asked for nor harmful */
    }
    if (vw_feed_apply(at->feed, spin->unit, &run) == 0) {
        return false;
    }
    vw_feed_count(at->feed, VW_COUNT_IMAGE_MESSAGES);
    if (spin->state == VW_SPIN_IMAGE && is_add(from[1])) {
        return spin->left-- > 0;
    }
    if (spin->state == VW_SPIN_DEFINITIONS && definition && --spin->left == 0) {
        return ask_image(at);
    }
    return true;
}

static void take(void *self, const vw_recovery_message *message, const unsigned char *from)
{
    place *at = self;

    if (!at->good) {
        return;
    }
    switch (message->type) {
    case VW_RECOVERY_LOGIN_RESPONSE:
        at->spin->state = VW_SPIN_WAIT;
        vw_feed_unit_lag(at->feed, at->spin->unit,
                         vw_arbiter_freeze(at->feed->arbiter, at->spin->unit));
        break;
    case VW_RECOVERY_IMAGE_AVAILABLE:
        at->good = take_available(at, message->sequence);
        break;
    case VW_RECOVERY_DEFINITION_RESPONSE:
        at->good = take_definition_response(at, message);
        break;
    case VW_RECOVERY_SPIN_RESPONSE:
        at->good = take_spin_response(at, message);
        break;
    case VW_RECOVERY_SPIN_FINISHED:
        at->good = take_finished(at, message->sequence);
        break;
    case VW_RECOVERY_OTHER:
        at->good = take_other(at, from);
        break;
    default:
        break;
    }
}

size_t vw_feed_spin_received(vw_feed *feed, size_t index, const unsigned char *bytes, size_t size)
{
    place at = {feed, &feed->spins[index], true};
    bool good;
    size_t done = vw_link_received(&at.spin->link, bytes, size, feed->now_ns, take, &at, &good);

    if (!good || !at.good) {
        vw_feed_spin_failed(feed, index, !good);
    }
    vw_feed_flush(feed);
    return done;
}
