#include "tools/commands/commands.h"

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    char *ask[] = {argv[0], (char[]){"--version"}, NULL};
    vw_arguments arguments;

    return vw_options_parse(command, NULL, 0, 0, argc > 1 ? argc : 2, argc > 1 ? argv : ask,
                            &arguments, error);
}

const vw_command vw_command_version = {
    .name = "version",
    .summary = "revision, schema, instruction set",
    .usage = "",
    .run = run,
};
