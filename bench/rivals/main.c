/* `vegawire bench` as a program of its own, with every rival that is linked. */
#include "tools/commands/commands.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    vw_error error = {""};
    vw_err err;

    vw_stop_install();
    err = vw_command_bench.run(&vw_command_bench, argc, argv, &error);
    if (error.text[0] != '\0') {
        fprintf(stderr, "bench: %s\n", error.text);
    }
    return (int)err;
}
