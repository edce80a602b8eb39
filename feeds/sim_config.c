#include "core/base/clock.h"
#include "feeds/sim_session.h"

#include <string.h>

enum { OPTIONS, FUTURES, CHANNELS, LINES = 2 };

vw_sim_config vw_sim_defaults(void)
{
    vw_line_config line = {.interface = "127.0.0.1"};
    vw_sim_config config = {
        .rate = 5000,
        .speed = 1,
        .seed = 1,
        .option_units = 4,
        .reannounce_ns = 5 * VW_NS_PER_SECOND,
        .options = {.name = "c1-options", .protocol = VW_PROTOCOL_PITCH, .line_count = LINES},
        .futures = {.name = "cfe", .protocol = VW_PROTOCOL_CFE, .line_count = LINES}};
    static const char *const groups[CHANNELS][LINES + 1] = {
        {"239.200.1.1", "239.200.1.2", "239.200.1.3"},
        {"239.200.2.1", "239.200.2.2", "239.200.2.3"}};

    for (size_t c = 0; c < CHANNELS; c++) {
        vw_channel_config *channel = c == OPTIONS ? &config.options : &config.futures;

        channel->wait_ns = 20 * VW_NS_PER_MS;
        channel->silent_ns = 3 * VW_NS_PER_SECOND;
        channel->reannounce_ns = config.reannounce_ns;
        for (size_t i = 0; i <= LINES; i++) {
            line.port = (uint16_t)(30001 + 100 * (c + 1) + i);
            memcpy(line.group, groups[c][i], strlen(groups[c][i]) + 1);
            *(i < LINES ? &channel->lines[i] : &channel->recovery.replay) = line;
        }
        channel->recovery.login = (vw_recovery_login){"0001", "VEGA", "vegawire"};
        channel->recovery.gap_messages_max = VW_SIM_GAP_MESSAGES;
        channel->recovery.gap_timeout_ns = 200 * VW_NS_PER_MS;
        channel->recovery.spin_timeout_ns = 5 * VW_NS_PER_SECOND;
        channel->recovery.gap =
            (vw_server_config){.address = "127.0.0.1", .port = (uint16_t)(30301 + 2 * c)};
        channel->recovery.spins[0] =
            (vw_server_config){.address = "127.0.0.1", .port = (uint16_t)(30302 + 2 * c)};
        channel->recovery.spin_count = 1;
    }
    return config;
}
