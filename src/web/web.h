/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a request to an answer. Routes are one const table (route.c): method, path, who may ask, function.
 * A reading page holds one read-only snapshot for the whole answer; a change is only ever an operation,
 * called by web_do, whose prologue does access, idempotency and the revision. The token of the form is
 * checked before any POST function runs, so that no page can forget it.
 *
 * `luoshi page`, the tests and the server all come through web_answer. */
#ifndef LUOSHI_WEB_WEB_H
#define LUOSHI_WEB_WEB_H

#include <jansson.h>

#include "base/template.h"
#include "operation/operation.h"
#include "web/form.h"
#include "web/restoring.h"
#include "web/signin.h"

enum { WEB_BODY = 40 * 1024 * 1024 /* bytes of a body: a workbook or a draft */ };

/* What all requests of one process share; read-only but for sign-ins and templates, which lock. */
typedef struct Web {
  Operations operations;
  Signins *signins;
  Templates *templates; /* parsed once; NULL (one page only): parsed as asked for */
  struct Jobs *jobs;    /* NULL: long work is done in place */
  Restoring *restoring; /* what a page asked of whoever serves; NULL: nobody serves */
  const char *address; /* as shown on the sign-in page for phones; may be NULL */
} Web;

typedef enum {
  ASK_ANYBODY,  /* the sign-in page, assets, health */
  ASK_SIGNED,   /* anybody with an account: what is one's own */
  ASK_READER,   /* whoever may read business data anywhere; the function and the gate see to the rest */
  ASK_ACCOUNTS, /* 管理: who opens accounts or grants roles */
  ASK_MANAGER,  /* … opens and disables them */
  ASK_BACKUP,   /* 管理: backups */
  ASK_SETTER,   /* 管理: settings */
  ASK_AUDITOR   /* 管理: journal and audit */
} Asker;

typedef struct Page {
  Arena *arena;
  const Web *web;
  Site *site;
  const WebRequest *request;
  WebResponse *out;
  Session *session;     /* GET: the snapshot; POST: NULL, operations open their own */
  const char *token;    /* of the cookie, or NULL */
  int64_t bearer;       /* the token (access/token.h) that asks for its account; 0: none */
  Signin signin;        /* account NULL: nobody */
  bool machine;         /* the site's owner on the command line */
  Form query, form;
  bool scoped;          /* the page is of an org and a period: the bar on top lets one choose others */
  int64_t org;
  Period period;
  const char *parts[4]; /* what stood for {…} in the path, decoded */
  const struct Route *route;
  json_t *lent;         /* values lent to templates until the answer is whole */
} Page;

typedef bool PageRun(Page *p, Error *e);

typedef struct Route {
  const char *method;   /* GET or POST */
  const char *path;     /* /ledgers/{relation}/{id} */
  Asker asker;
  const char *nav;      /* which entry of the rail is current, NULL: none */
  PageRun *run;
  const char *label;    /* what it is, for the table test and the log */
} Route;

extern const Route routes[];
extern const size_t route_count;

/* Always gives an answer: a failure becomes a page with its sentence. `as`: an account to act as without a
 * cookie (luoshi page); NULL: by cookie. `site` NULL: the data are being exchanged, and everybody is asked to wait. */
void web_answer(const Web *web, Site *site, const char *as, const WebRequest *request, WebResponse *out);

/* Whether it comes from somebody signed in, or with a token in force: of the body nothing is looked at. */
bool web_knows(const Web *web, Site *site, const WebRequest *head);

/* ---- for pages ---- */
/* An operation with this page's account; what is wrong with fields is in `issues` (arena of the page). */
bool web_do(Page *p, const char *operation, json_t *input, const void *attached, json_t **result, Issues *issues, Error *e);
/* The snapshot, for a POST that shows a page after all (a form in error). A GET has it already. Not beside an
 * operation: web_do first, then this. */
bool web_reading(Page *p, Error *e);
bool web_redirect(Page *p, const char *location);
/* A page that comes back by itself, for as long as nobody can be answered. */
bool web_waiting(Page *p, const char *sentence, Error *e);
/* `to` when it is a path of this site and nothing else, whatever a browser leaves out of an address; else "/". */
const char *web_own_path(const char *to);
int web_status(const Error *e);
/* The relation of a path's part: declared, not retired, not a line. */
const Relation *web_relation(Page *p, const char *name, Error *e);
/* The org and period of the query (org=, period=), or the asker's own top org and the site's year. The bar on top
 * of the page then shows them. */
bool web_scope(Page *p, int64_t *org, Period *period, Error *e);

/* May whoever asks open this page of the table? false too where there is none. */
bool web_opens(const Page *p, const char *path);
/* Shows the private items of this row, where this browser has said what for (POST /look). */
void web_unveil(Page *p, const Relation *r, int64_t id);
/* The first page of a rail's entry that may be opened; NULL: none. */
const char *web_entry(const Page *p, const char *nav);

/* ---- view.c ---- */
/* templates/NAME.mustache with `context` (reference taken), inside the layout. To the layout a context may say:
 * "look", a class of the body (with-save, elder); "charts": true; "toast": {sentence, href, next, fails}. */
bool view_page(Page *p, const char *name, const char *title, json_t *context, Error *e);
/* Without the layout: a piece that htmx puts in place. */
bool view_part(Page *p, const char *name, json_t *context, Error *e);
void view_error(Page *p, const Error *e);

/* ---- pages, one file a group ---- */
PageRun signin_form, signin_post, signout_post, password_form, password_post;
PageRun desk_page;
PageRun ledgers_page, ledger_page, ledger_figures_page, ledger_export_csv, ledger_export_json, ledger_bulk_post, search_page;
PageRun record_page, record_form, record_new_form, record_post, record_state_post,
    record_void_form, record_void_post, record_history, draft_post, draft_drop_post, import_form, import_post, import_template;
PageRun figures_page, figure_page, figure_csv;
PageRun reports_page, report_page, report_beside_page, report_freeze_form, report_freeze_post;
PageRun verify_form, verify_post, verify_drop, verify_page, verify_choose, verify_result_html, verify_result_json, verify_gaps, verify_tables;
PageRun people_page, person_page, operation_form, operation_post;
PageRun files_post, file_withdraw_post, file_get;
PageRun job_page, job_table, job_stop_post;
PageRun board_page, board_ledgers_page, calendar_page;
PageRun tokens_page, tokens_post;
PageRun me_page, me_elder_post, look_form, look_post;
PageRun accounts_page, account_new_form, account_new_post, account_page, account_post, roles_page, signins_page, signins_post;
PageRun journal_page, revision_page, audit_page, looks_page, backup_page, backup_post, backup_file, restore_post, restore_begin, profile_page, settings_page, settings_post;
PageRun asset_get, health_get, components_page;
PageRun api_openapi, api_list, api_get, api_do, api_figures, api_rows, api_report, api_verify;

#endif
