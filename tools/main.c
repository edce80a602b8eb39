#include "tools/command.h"

#include "tools/commands/commands.h"

#include <stdio.h>
#include <string.h>

/* In the order of --help. */
/* clang-format off */
static const vw_command *const commands[] = {
    &vw_command_demo,
    &vw_command_run,
    &vw_command_check,
    &vw_command_control,
    &vw_command_sim,
    &vw_command_watch,
    &vw_command_sub,
    &vw_command_decode,
    &vw_command_replay,
    &vw_command_price,
    &vw_command_iv,
    &vw_command_fit,
    &vw_command_vix,
    &vw_command_hedge,
    &vw_command_bench,
    &vw_command_version,
};
/* clang-format on */

static void print_usage(FILE *to)
{
    fprintf(to, "vegawire: live option greeks, volatility surfaces and hedge ratios\n\n"
                "usage: vegawire <command> [options]; vegawire <command> --help\n\n");
    for (size_t i = 0; i < VW_COUNT_OF(commands); i++) {
        fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(to, "\nexit codes: 0 ok, 1 data or runtime, 2 command line, 3 configuration content,\n"
                "4 socket or system, 5 replay mismatch, 6 unhealthy or too noisy to measure\n");
}

static const vw_command *find(const char *name)
{
    for (size_t i = 0; i < VW_COUNT_OF(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const vw_command *command;
    vw_error error = {""};
    vw_err err;

    if (argc < 2) {
        print_usage(stderr);
        return VW_ERR_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return VW_OK;
    }
    command = find(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (command == NULL) {
        fprintf(stderr, "vegawire: %s: no such command; see vegawire --help\n", argv[1]);
        return VW_ERR_USAGE;
    }
    vw_stop_install();
    err = command->run(command, argc - 1, argv + 1, &error);
    if (err != VW_OK && error.text[0] != '\0') {
        fprintf(stderr, "vegawire %s: %s\n", command->name, error.text);
    }
    return (int)err;
}
