#include "tools/config_yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 1 << 20 };

/* libyaml has no const. */
static yaml_document_t *document_of(const vw_yaml *yaml)
{
    return (yaml_document_t *)&yaml->document;
}

const char *vw_yaml_text(const yaml_node_t *scalar)
{
    return (const char *)scalar->data.scalar.value;
}

bool vw_yaml_pair(const vw_yaml *yaml, const yaml_node_t *mapping, size_t index, yaml_node_t **key,
                  yaml_node_t **value)
{
    const yaml_node_pair_t *start = mapping->data.mapping.pairs.start;

    if (index >= (size_t)(mapping->data.mapping.pairs.top - start)) {
        return false;
    }
    *key = yaml_document_get_node(document_of(yaml), start[index].key);
    *value = yaml_document_get_node(document_of(yaml), start[index].value);
    return true;
}

size_t vw_yaml_length(const yaml_node_t *sequence)
{
    return (size_t)(sequence->data.sequence.items.top - sequence->data.sequence.items.start);
}

yaml_node_t *vw_yaml_element(const vw_yaml *yaml, const yaml_node_t *sequence, size_t index)
{
    if (sequence->type != YAML_SEQUENCE_NODE || index >= vw_yaml_length(sequence)) {
        return NULL;
    }
    return yaml_document_get_node(document_of(yaml), sequence->data.sequence.items.start[index]);
}

static yaml_node_t *child_of(const vw_yaml *yaml, const yaml_node_t *node, const char *name,
                             size_t length)
{
    yaml_node_t *key, *value;

    if (node->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (size_t i = 0; vw_yaml_pair(yaml, node, i, &key, &value); i++) {
        if (key->type == YAML_SCALAR_NODE && key->data.scalar.length == length &&
            memcmp(vw_yaml_text(key), name, length) == 0) {
            return value;
        }
    }
    return NULL;
}

yaml_node_t *vw_yaml_find(const vw_yaml *yaml, const char *path)
{
    yaml_node_t *node = yaml->open ? yaml_document_get_root_node(document_of(yaml)) : NULL;

    while (node != NULL && *path != '\0') {
        if (*path == '[') {
            char *end;

            node = vw_yaml_element(yaml, node, strtoul(path + 1, &end, 10));
            path = end + 1;
        } else {
            size_t length;

            path += *path == '.';
            length = strcspn(path, ".[");
            node = child_of(yaml, node, path, length);
            path += length;
        }
    }
    return node;
}

static vw_err syntax_error(const char *name, const yaml_parser_t *parser, vw_error *error)
{
    if (parser->error == YAML_READER_ERROR) {
        return vw_fail(error, VW_ERR_CONFIG, "%s: byte %zu: no YAML text: %s", name,
                       parser->problem_offset, parser->problem);
    }
    return vw_fail(error, VW_ERR_CONFIG, "%s:%zu:%zu: no YAML: %s", name,
                   parser->problem_mark.line + 1, parser->problem_mark.column + 1,
                   parser->problem != NULL ? parser->problem : "cannot be read");
}

/* What follows the first document must be nothing. */
static vw_err expect_end(const char *name, yaml_parser_t *parser, vw_error *error)
{
    yaml_document_t second;
    vw_err err = VW_OK;

    if (yaml_parser_load(parser, &second) != 1) {
        return syntax_error(name, parser, error);
    }
    if (yaml_document_get_root_node(&second) != NULL) {
        err = vw_fail(error, VW_ERR_CONFIG, "%s:%zu:%zu: a second document: expected one", name,
                      second.start_mark.line + 1, second.start_mark.column + 1);
    }
    yaml_document_delete(&second);
    return err;
}

vw_err vw_yaml_parse(const char *name, const char *text, size_t size, vw_yaml *yaml,
                     vw_error *error)
{
    yaml_parser_t parser;
    vw_err err;

    yaml->open = false;
    vw_check(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    if (yaml_parser_load(&parser, &yaml->document) != 1) {
        err = syntax_error(name, &parser, error);
    } else if (yaml_document_get_root_node(&yaml->document) == NULL) {
        yaml_document_delete(&yaml->document);
        err = VW_OK;
    } else {
        err = expect_end(name, &parser, error);
        yaml->open = err == VW_OK;
        if (err != VW_OK) {
            yaml_document_delete(&yaml->document);
        }
    }
    yaml_parser_delete(&parser);
    return err;
}

vw_err vw_yaml_read(const char *file, vw_yaml *yaml, vw_error *error)
{
    FILE *from = strcmp(file, "-") == 0 ? stdin : fopen(file, "rb");
    char *text;
    size_t size;
    vw_err err = VW_OK;

    yaml->open = false;
    if (from == NULL) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", file, strerror(errno));
    }
    text = malloc(FILE_SIZE_MAX + 1);
    vw_check(text != NULL);
    size = fread(text, 1, FILE_SIZE_MAX + 1, from);
    if (ferror(from)) {
        err = vw_fail(error, VW_ERR_DATA, "%s: %s", file, strerror(errno));
    } else if (size > FILE_SIZE_MAX) {
        err = vw_fail(error, VW_ERR_DATA, "%s: more than %d bytes: no configuration", file,
                      FILE_SIZE_MAX);
    } else {
        err = vw_yaml_parse(file, text, size, yaml, error);
    }
    if (from != stdin) {
        fclose(from);
    }
    free(text);
    return err;
}

void vw_yaml_close(vw_yaml *yaml)
{
    if (yaml->open) {
        yaml_document_delete(&yaml->document);
    }
    yaml->open = false;
}
