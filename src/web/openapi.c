/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * /api/openapi.json: the API described in OpenAPI 3.1, made from the catalogue (a schema a relation), the measures and
 * reports that are declared, and the table of operations (a body each). Nothing of it is written by hand but how
 * the paths of api.c are shaped. */
#include <string.h>

#include "report/report.h"
#include "web/api.h"

static void put(json_t *o, const char *key, json_t *value) { json_object_set_new(o, key, value); }

static json_t *string_type(void) { return json_pack("{s:s}", "type", "string"); }

static json_t *schema_ref(Arena *a, const char *name) {
  return json_pack("{s:s}", "$ref", arena_print(a, "#/components/schemas/%s", name));
}

/* ---- schemas ---- */

static json_t *choices(const Codes *codes, bool nullable) {
  json_t *all = json_array();
  for (size_t i = 0; codes && i < codes->count; i++) json_array_append_new(all, json_string(codes->at[i].name));
  if (nullable) json_array_append_new(all, json_null());
  return all;
}

/* Of a value as it is sent: text in the form of its type, for a reference a name or an id. */
static json_t *typed(const Column *c, bool nullable) {
  json_t *o = json_object();
  if (nullable) put(o, "type", json_pack("[s, s]", "string", "null"));
  else put(o, "type", json_string("string"));
  put(o, "title", json_string(c->label));
  switch (c->type) {
  case TYPE_CHOICE:
    if (c->codes && c->codes->count) put(o, "enum", choices(c->codes, nullable));
    break;
  case TYPE_DATE: put(o, "format", json_string("date")); break;
  case TYPE_INT:
  case TYPE_SERIAL: put(o, "pattern", json_string("^-?[0-9]+$")); break;
  case TYPE_DECIMAL: put(o, "pattern", json_string("^-?[0-9]+(\\.[0-9]+)?$")); break;
  case TYPE_FLAG: put(o, "enum", nullable ? json_pack("[s, s, n]", "true", "false") : json_pack("[s, s]", "true", "false")); break;
  case TYPE_REF:
    if (c->ref) put(o, "description", json_string(c->ref->label));
    break;
  default: break;
  }
  return o;
}

/* Of an answer: a flag or a choice comes in words of its own, a masked cell in others, so that only text is promised. */
static json_t *answered(const Column *c) {
  return json_pack("{s:[s, s], s:s}", "type", "string", "null", "title", c->label);
}

static json_t *row_schema(const Relation *r) {
  json_t *fields = json_object();
  for (size_t i = 0; i < r->column_count; i++)
    if (!r->columns[i].retired) put(fields, r->columns[i].name, answered(&r->columns[i]));
  for (size_t i = 0; i < r->line_count; i++)
    put(fields, r->lines[i]->own_name, json_pack("{s:s, s:s, s:o}", "type", "array", "title", r->lines[i]->label, "items", row_schema(r->lines[i])));
  return json_pack("{s:s, s:s, s:o}", "type", "object", "title", r->label, "properties", fields);
}

/* What record.save takes of a ledger: its own fields, required ones named. */
static json_t *entry_schema(const Relation *r) {
  json_t *fields = json_object(), *required = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    bool org = !strcmp(c->name, "org");
    if (c->retired || (c->system && !org)) continue;
    put(fields, c->name, typed(c, !c->required));
    if (c->required && !c->fallback) json_array_append_new(required, json_string(c->name));
  }
  for (size_t i = 0; i < r->line_count; i++)
    put(fields, r->lines[i]->own_name, json_pack("{s:s, s:s, s:o}", "type", "array", "title", r->lines[i]->label, "items", entry_schema(r->lines[i])));
  return json_pack("{s:s, s:s, s:o, s:o}", "type", "object", "title", r->label, "properties", fields, "required", required);
}

static bool is_shown(const Relation *r) { return !r->parent && !r->retired && !r->hidden; }

static json_t *error_schema(void) {
  return json_loads("{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":\"object\",\"required\":[\"kind\",\"sentence\",\"issues\"],"
                    "\"properties\":{\"kind\":{\"enum\":[\"invalid\",\"forbidden\",\"missing\",\"conflict\",\"limit\",\"unavailable\",\"unknown\",\"bug\"]},"
                    "\"sentence\":{\"type\":\"string\"},\"issues\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
                    "\"field\":{\"type\":[\"string\",\"null\"]},\"where\":{\"type\":[\"string\",\"null\"]},\"sentence\":{\"type\":\"string\"}}}}}}}}", 0, NULL);
}

static json_t *history_schema(void) {
  return json_loads("{\"type\":\"object\",\"properties\":{\"relation\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},\"more\":{\"type\":\"boolean\"},"
                    "\"revisions\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"revision\":{\"type\":\"integer\"},"
                    "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"actor\":{\"type\":\"string\"},\"operation\":{\"type\":\"string\"},"
                    "\"label\":{\"type\":\"string\"},\"changes\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
                    "\"relation\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},"
                    "\"before\":{\"type\":[\"string\",\"null\"]},\"after\":{\"type\":[\"string\",\"null\"]}}}}}}}}}", 0, NULL);
}

static json_t *org_schema(void) {
  return json_loads("{\"type\":\"object\",\"required\":[\"id\",\"name\",\"kind\",\"parent\"],\"properties\":{\"id\":{\"type\":\"string\"},"
                    "\"name\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\"},\"kind_label\":{\"type\":\"string\"},"
                    "\"parent\":{\"type\":[\"string\",\"null\"]},\"founded_on\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"},"
                    "\"dissolved_on\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"},\"at\":{\"type\":\"string\",\"format\":\"date\"},"
                    "\"children\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"spells\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                    "\"properties\":{\"from_on\":{\"type\":[\"string\",\"null\"]},\"name\":{\"type\":\"string\"},\"parent\":{\"type\":[\"string\",\"null\"]}}}}}}", 0, NULL);
}

static json_t *operation_schema(Arena *a, const Catalogue *c, const Operation *op) {
  const Relation *r = operation_arguments(a, c, op);
  json_t *fields = json_object(), *required = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    put(fields, r->columns[i].name, typed(&r->columns[i], !r->columns[i].required));
    if (r->columns[i].required) json_array_append_new(required, json_string(r->columns[i].name));
  }
  put(fields, "_request", json_pack("{s:s, s:i, s:s}", "type", "string", "maxLength", 64, "title", "同一次请求再发一遍时不变的编号"));
  put(fields, "_token", json_pack("{s:s, s:s}", "type", "string", "title", "用登录的浏览器提交时，表单的令牌；用接口令牌时不要"));
  json_t *o = json_pack("{s:s, s:s, s:o, s:o}", "type", "object", "title", op->label, "properties", fields, "required", required);
  if (!op->open) put(o, "additionalProperties", json_false());
  return o;
}

static json_t *schemas(Page *p) {
  const Catalogue *c = p->session->catalogue;
  json_t *all = json_object();
  put(all, "Error", error_schema());
  put(all, "History", history_schema());
  put(all, "Org", org_schema());
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (!is_shown(r)) continue;
    put(all, arena_print(p->arena, "%s.answer", r->name), row_schema(r));
    put(all, arena_print(p->arena, "%s.entry", r->name), entry_schema(r));
  }
  for (size_t i = 0; i < p->web->operations.count; i++)
    put(all, arena_print(p->arena, "do.%s", p->web->operations.at[i]->name), operation_schema(p->arena, c, p->web->operations.at[i]));
  return all;
}

/* ---- paths ---- */

static json_t *parameter(const char *name, const char *where, json_t *schema) {
  return json_pack("{s:s, s:s, s:b, s:o}", "name", name, "in", where, "required", !strcmp(where, "path"), "schema", schema);
}

static json_t *with_json(json_t *schema) { return json_pack("{s:{s:o}}", "application/json", "schema", schema); }

/* Every path answers 200 with `schema`, and a 4xx with a sentence. */
static json_t *path_item(Arena *a, const char *summary, json_t *parameters, json_t *body, json_t *schema) {
  json_t *o = json_object(), *responses = json_object();
  put(responses, "200", json_pack("{s:s, s:o}", "description", "完成", "content", with_json(schema)));
  put(responses, "4XX", json_pack("{s:s, s:o}", "description", "没有完成，sentence 说明原因和怎么办", "content", with_json(schema_ref(a, "Error"))));
  put(o, "summary", json_string(summary));
  put(o, "parameters", parameters);
  if (body) put(o, "requestBody", json_pack("{s:b, s:o}", "required", 1, "content", body));
  put(o, "responses", responses);
  return json_pack("{s:o}", body ? "post" : "get", o);
}

static json_t *scope_parameters(void) {
  json_t *all = json_array();
  json_array_append_new(all, parameter("org", "query", string_type()));
  json_array_append_new(all, parameter("period", "query", string_type()));
  return all;
}

static json_t *bounded(int least, int most) { return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", least, "maximum", most); }

static json_t *list_parameters(void) {
  json_t *all = scope_parameters();
  json_array_append_new(all, parameter("where", "query", string_type()));
  json_array_append_new(all, parameter("q", "query", string_type()));
  json_array_append_new(all, parameter("order", "query", string_type()));
  json_array_append_new(all, parameter("limit", "query", bounded(1, 200)));
  json_array_append_new(all, parameter("offset", "query", bounded(0, 10000)));
  json_array_append_new(all, parameter("void", "query", json_pack("{s:[s, s]}", "enum", "true", "false")));
  return all;
}

static json_t *object_type(void) { return json_pack("{s:s}", "type", "object"); }

static void put_relations(Page *p, json_t *paths) {
  const Catalogue *c = p->session->catalogue;
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (!is_shown(r)) continue;
    const char *row = arena_print(p->arena, "%s.answer", r->name);
    json_t *list = json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:o}}}", "type", "object", "properties", "relation", "type", "string",
                             "label", "type", "string", "total", "type", "integer", "more", "type", "boolean", "rows", "type", "array", "items",
                             schema_ref(p->arena, row));
    put(paths, arena_print(p->arena, "/api/relations/%s", r->name), path_item(p->arena, r->label, list_parameters(), NULL, list));
    json_t *id = json_array();
    json_array_append_new(id, parameter("id", "path", json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]{1,18}$")));
    put(paths, arena_print(p->arena, "/api/relations/%s/{id}", r->name), path_item(p->arena, r->label, id, NULL, schema_ref(p->arena, row)));
    put(paths, arena_print(p->arena, "/api/relations/%s/{id}/history", r->name),
        path_item(p->arena, arena_print(p->arena, "%s：谁改过什么", r->label), json_incref(id), NULL, schema_ref(p->arena, "History")));
  }
}

static void put_orgs(Page *p, json_t *paths) {
  json_t *day = parameter("at", "query", json_pack("{s:s, s:s}", "type", "string", "format", "date"));
  json_t *list = json_array(), *one = json_array();
  json_array_append(list, day);
  json_array_append_new(one, day);
  json_array_append_new(one, parameter("id", "path", json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]{1,18}$")));
  json_t *tree = json_pack("{s:s, s:{s:{s:s}, s:{s:s, s:o}}}", "type", "object", "properties", "at", "type", "string", "orgs", "type", "array",
                           "items", schema_ref(p->arena, "Org"));
  put(paths, "/api/orgs", path_item(p->arena, "某日的组织树", list, NULL, tree));
  put(paths, "/api/orgs/{id}", path_item(p->arena, "一个组织", one, NULL, schema_ref(p->arena, "Org")));
}

static json_t *with_bytes(void) { return json_pack("{s:{s:{s:s, s:s}}}", "application/octet-stream", "schema", "type", "string", "format", "binary"); }

static void put_files(Page *p, json_t *paths) {
  json_t *name = json_pack("[o]", parameter("name", "query", string_type()));
  json_t *id = json_pack("[o]", parameter("file", "path", json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]{1,18}$")));
  json_t *kept = json_pack("{s:s, s:{s:{s:s, s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}}", "type", "object", "properties", "hash", "type", "string", "pattern",
                           "^[0-9a-f]{64}$", "name", "type", "string", "kind", "type", "string", "label", "type", "string", "size", "type", "integer");
  json_t *give = path_item(p->arena, "一份附件", id, NULL, string_type());
  json_object_set_new(json_object_get(json_object_get(json_object_get(give, "get"), "responses"), "200"), "content", with_bytes());
  put(paths, "/api/files", path_item(p->arena, "存一份文件，再在 file.attach 或文件栏里写它的 hash", name, with_bytes(), kept));
  put(paths, "/api/files/{file}", give);
}

static void put_figures(Page *p, json_t *paths) {
  const Catalogue *c = p->session->catalogue;
  json_t *names = json_array(), *parameters = scope_parameters();
  for (size_t i = 0; i < c->measure_count; i++) json_array_append_new(names, json_string(c->measures[i]->full_name));
  json_array_append_new(parameters, parameter("measure", "path", json_pack("{s:o}", "enum", names)));
  put(paths, "/api/figures", path_item(p->arena, "全部指标", scope_parameters(), NULL, object_type()));
  if (c->measure_count) put(paths, "/api/figures/{measure}/rows", path_item(p->arena, "一个指标背后的记录", parameters, NULL, object_type()));
  else json_decref(parameters);
}

static void put_reports(Page *p, json_t *paths) {
  const char **names;
  size_t count = report_names(p->arena, site_path(p->arena, p->site->folder, "profile"), &names);
  for (size_t i = 0; i < count; i++)
    put(paths, arena_print(p->arena, "/api/reports/%s", names[i]), path_item(p->arena, "报告", scope_parameters(), NULL, object_type()));
}

bool api_openapi(Page *p, Error *e) {
  json_t *paths = json_object();
  (void)e;
  put(paths, "/api/relations", path_item(p->arena, "有哪些台账", json_array(), NULL, object_type()));
  put_relations(p, paths);
  put_orgs(p, paths);
  put_files(p, paths);
  put_figures(p, paths);
  put_reports(p, paths);
  json_t *draft = json_pack("{s:s, s:{s:{s:s}, s:{s:s}}, s:[s]}", "type", "object", "properties", "text", "type", "string", "_token", "type", "string",
                            "required", "text");
  put(paths, "/api/verify", path_item(p->arena, "核对一份初稿", scope_parameters(), with_json(draft), object_type()));
  for (size_t i = 0; i < p->web->operations.count; i++) {
    const Operation *op = p->web->operations.at[i];
    json_t *body = schema_ref(p->arena, arena_print(p->arena, "do.%s", op->name));
    put(paths, arena_print(p->arena, "/api/do/%s", op->name), path_item(p->arena, op->label, json_array(), with_json(body), object_type()));
  }
  const Profile *profile = &p->session->catalogue->profile;
  json_t *ways = json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s}}", "bearer", "type", "http", "scheme", "bearer", "description",
                           "在“我的”里开通的接口令牌", "session", "type", "apiKey", "in", "cookie", "name",
                           p->request->secure ? "__Host-luoshi" : "luoshi");
  json_t *all = json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:{s:o, s:o}, s:[{s:[]}, {s:[]}]}", "openapi", "3.1.0", "info", "title",
                          profile->label ? profile->label : "落实", "version", "1", "description", "同网页一样的数据、权限和操作", "paths", paths,
                          "components", "schemas", schemas(p), "securitySchemes", ways, "security", "bearer", "session");
  return api_answer(p, all);
}
