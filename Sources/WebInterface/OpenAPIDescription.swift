/// What the interface offers, in the words of OpenAPI 3.1. A test holds it against what is served.
enum OpenAPIDescription {
    static let json = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Tocsin",
            "version": "1",
            "summary": "Alerts from watched news feeds, and how the watching fares.",
            "description": "Unknown parameters are refused. Where the configuration has no token, none is asked for."
          },
          "servers": [{"url": "/"}],
          "security": [{"bearer": []}],
          "tags": [
            {"name": "api", "description": "What is kept, as JSON."},
            {"name": "subscriptions", "description": "Alerts for feed readers."},
            {"name": "operation", "description": "For supervisors and Prometheus."}
          ],
          "paths": {
            "/api/v1/alerts": {
              "get": {
                "operationId": "alerts",
                "summary": "Alerts, the newest first.",
                "tags": ["api"],
                "parameters": [
                  {
                    "name": "watch",
                    "in": "query",
                    "description": "Only alerts of this watch.",
                    "schema": {"type": "string", "minLength": 1, "maxLength": 200}
                  },
                  {"$ref": "#/components/parameters/severity"},
                  {
                    "name": "language",
                    "in": "query",
                    "description": "Only items in this language; `zh` is that of `zh-CN` as well.",
                    "schema": {
                      "type": "string",
                      "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,2}$",
                      "examples": ["kk"]
                    }
                  },
                  {
                    "name": "feed",
                    "in": "query",
                    "description": "Only items of this feed, by its `url` in /api/v1/feeds; alerts have it in `data.feed.url`.",
                    "schema": {"type": "string", "minLength": 1, "maxLength": 600}
                  },
                  {
                    "name": "type",
                    "in": "query",
                    "description": "Only alerts of this type.",
                    "schema": {"type": "string", "enum": ["alert", "health"]}
                  },
                  {
                    "name": "since",
                    "in": "query",
                    "description": "Only alerts raised then or later.",
                    "schema": {"type": "string", "format": "date-time"}
                  },
                  {
                    "name": "until",
                    "in": "query",
                    "description": "Only alerts raised before.",
                    "schema": {"type": "string", "format": "date-time"}
                  },
                  {
                    "name": "open",
                    "in": "query",
                    "description": "Only those that nobody has acknowledged.",
                    "schema": {"type": "boolean"}
                  },
                  {"$ref": "#/components/parameters/limit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertPage"}}},
                    "headers": {
                      "ETag": {"schema": {"type": "string"}},
                      "Link": {
                        "description": "`rel=\"next\"`: the next page, where there is one.",
                        "schema": {"type": "string"}
                      }
                    }
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                }
              }
            },
            "/api/v1/alerts/{id}": {
              "get": {
                "operationId": "alert",
                "summary": "One alert, with the tries of its deliveries.",
                "tags": ["api"],
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "schema": {"type": "string", "minLength": 1, "maxLength": 100}
                  },
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Alert"}}},
                    "headers": {"ETag": {"schema": {"type": "string"}}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "404": {"$ref": "#/components/responses/NotFound"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                }
              }
            },
            "/api/v1/feeds": {
              "get": {
                "operationId": "feeds",
                "summary": "The feeds of the configuration, in its order, and how they fare.",
                "tags": ["api"],
                "parameters": [
                  {
                    "name": "health",
                    "in": "query",
                    "description": "Only feeds of this health.",
                    "schema": {
                      "type": "string",
                      "enum": [
                        "new",
                        "fine",
                        "slow",
                        "moved",
                        "overrun",
                        "stale",
                        "empty",
                        "blocked",
                        "failing",
                        "not a feed",
                        "gone"
                      ]
                    }
                  },
                  {
                    "name": "needs_attention",
                    "in": "query",
                    "description": "Only feeds that somebody should look at, or only others.",
                    "schema": {"type": "boolean"}
                  },
                  {"$ref": "#/components/parameters/limit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/FeedPage"}}},
                    "headers": {
                      "ETag": {"schema": {"type": "string"}},
                      "Link": {
                        "description": "`rel=\"next\"`: the next page, where there is one.",
                        "schema": {"type": "string"}
                      }
                    }
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                }
              }
            },
            "/api/v1/watches": {
              "get": {
                "operationId": "watches",
                "summary": "The watches of the configuration, and what came of them.",
                "tags": ["api"],
                "parameters": [
                  {
                    "name": "limit",
                    "in": "query",
                    "description": "How many at most.",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 200}
                  },
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WatchPage"}}},
                    "headers": {
                      "ETag": {"schema": {"type": "string"}},
                      "Link": {
                        "description": "`rel=\"next\"`: the next page, where there is one.",
                        "schema": {"type": "string"}
                      }
                    }
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                }
              }
            },
            "/api/v1/status": {
              "get": {
                "operationId": "status",
                "summary": "How the program fares.",
                "tags": ["api"],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}
                  },
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                }
              }
            },
            "/api/v1/openapi.json": {
              "get": {
                "operationId": "description",
                "summary": "This description.",
                "tags": ["api"],
                "parameters": [{"$ref": "#/components/parameters/ifNoneMatch"}],
                "responses": {
                  "200": {
                    "description": "What was asked for.",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                    "headers": {"ETag": {"schema": {"type": "string"}}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "403": {"$ref": "#/components/responses/Forbidden"}
                },
                "security": []
              }
            },
            "/alerts.atom": {
              "get": {
                "operationId": "alertsAtom",
                "summary": "All alerts as an Atom feed.",
                "tags": ["subscriptions"],
                "parameters": [
                  {"$ref": "#/components/parameters/severity"},
                  {"$ref": "#/components/parameters/quiet"},
                  {"$ref": "#/components/parameters/feedLimit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "The newest alerts; older ones are on the next page.",
                    "headers": {"ETag": {"schema": {"type": "string"}}},
                    "content": {"application/atom+xml": {}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                },
                "security": [{"bearer": []}, {"key": []}]
              }
            },
            "/alerts.json": {
              "get": {
                "operationId": "alertsJSONFeed",
                "summary": "All alerts as a JSON Feed.",
                "tags": ["subscriptions"],
                "parameters": [
                  {"$ref": "#/components/parameters/severity"},
                  {"$ref": "#/components/parameters/quiet"},
                  {"$ref": "#/components/parameters/feedLimit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "The newest alerts; older ones are on the next page.",
                    "headers": {"ETag": {"schema": {"type": "string"}}},
                    "content": {"application/feed+json": {"schema": {"$ref": "#/components/schemas/JSONFeed"}}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                },
                "security": [{"bearer": []}, {"key": []}]
              }
            },
            "/watches/{name}/alerts.atom": {
              "get": {
                "operationId": "watchAtom",
                "summary": "The alerts of a watch as an Atom feed.",
                "tags": ["subscriptions"],
                "parameters": [
                  {"$ref": "#/components/parameters/name"},
                  {"$ref": "#/components/parameters/severity"},
                  {"$ref": "#/components/parameters/quiet"},
                  {"$ref": "#/components/parameters/feedLimit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "The newest alerts; older ones are on the next page.",
                    "headers": {"ETag": {"schema": {"type": "string"}}},
                    "content": {"application/atom+xml": {}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "404": {"$ref": "#/components/responses/NotFound"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                },
                "security": [{"bearer": []}, {"key": []}]
              }
            },
            "/watches/{name}/alerts.json": {
              "get": {
                "operationId": "watchJSONFeed",
                "summary": "The alerts of a watch as a JSON Feed.",
                "tags": ["subscriptions"],
                "parameters": [
                  {"$ref": "#/components/parameters/name"},
                  {"$ref": "#/components/parameters/severity"},
                  {"$ref": "#/components/parameters/quiet"},
                  {"$ref": "#/components/parameters/feedLimit"},
                  {"$ref": "#/components/parameters/cursor"},
                  {"$ref": "#/components/parameters/ifNoneMatch"}
                ],
                "responses": {
                  "200": {
                    "description": "The newest alerts; older ones are on the next page.",
                    "headers": {"ETag": {"schema": {"type": "string"}}},
                    "content": {"application/feed+json": {"schema": {"$ref": "#/components/schemas/JSONFeed"}}}
                  },
                  "304": {"$ref": "#/components/responses/NotModified"},
                  "400": {"$ref": "#/components/responses/BadRequest"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/Forbidden"},
                  "404": {"$ref": "#/components/responses/NotFound"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "503": {"$ref": "#/components/responses/Unavailable"}
                },
                "security": [{"bearer": []}, {"key": []}]
              }
            },
            "/healthz": {
              "get": {
                "operationId": "health",
                "summary": "Whether the process lives.",
                "tags": ["operation"],
                "responses": {
                  "200": {"description": "It does.", "content": {"text/plain": {"schema": {"type": "string"}}}},
                  "403": {"$ref": "#/components/responses/ForbiddenText"}
                },
                "security": []
              }
            },
            "/readyz": {
              "get": {
                "operationId": "readiness",
                "summary": "Whether it polls and its state answers.",
                "tags": ["operation"],
                "responses": {
                  "200": {"description": "It is ready.", "content": {"text/plain": {"schema": {"type": "string"}}}},
                  "403": {"$ref": "#/components/responses/ForbiddenText"},
                  "503": {
                    "description": "It is not; why.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  }
                },
                "security": []
              }
            },
            "/metrics": {
              "get": {
                "operationId": "metrics",
                "summary": "Metrics in Prometheus' text format. No label names a watch or a feed.",
                "tags": ["operation"],
                "responses": {
                  "200": {"description": "All metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}},
                  "401": {
                    "description": "The token is wanted.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  },
                  "403": {"$ref": "#/components/responses/ForbiddenText"},
                  "429": {
                    "description": "Too many wrong tokens.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  },
                  "503": {
                    "description": "The state cannot be read just now.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  }
                }
              }
            }
          },
          "components": {
            "securitySchemes": {
              "bearer": {"type": "http", "scheme": "bearer", "description": "The token of the configuration."},
              "key": {
                "type": "apiKey",
                "in": "query",
                "name": "key",
                "description": "The key of one feed, as /api/v1/watches and /api/v1/status give it."
              }
            },
            "parameters": {
              "limit": {
                "name": "limit",
                "in": "query",
                "description": "How many at most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
              },
              "feedLimit": {
                "name": "limit",
                "in": "query",
                "description": "How many at most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 100}
              },
              "cursor": {
                "name": "cursor",
                "in": "query",
                "description": "Where to go on: `next` of the page before.",
                "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"}
              },
              "severity": {
                "name": "severity",
                "in": "query",
                "description": "Only alerts of this severity.",
                "schema": {"type": "string", "enum": ["low", "normal", "high", "critical"]}
              },
              "quiet": {
                "name": "quiet",
                "in": "query",
                "description": "`true`: with alerts that were silenced, or are marked as not meant.",
                "schema": {"type": "boolean"}
              },
              "name": {
                "name": "name",
                "in": "path",
                "required": true,
                "description": "The watch's name, percent-encoded.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200}
              },
              "ifNoneMatch": {
                "name": "If-None-Match",
                "in": "header",
                "description": "The `ETag` of an earlier answer.",
                "schema": {"type": "string"}
              }
            },
            "responses": {
              "BadRequest": {
                "description": "A parameter is unknown, or its value is none.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "Unauthorized": {
                "description": "Neither the token nor a key.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "Forbidden": {
                "description": "Tocsin does not know itself by the name in `Host`.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "ForbiddenText": {
                "description": "Tocsin does not know itself by the name in `Host`.",
                "content": {"text/plain": {"schema": {"type": "string"}}}
              },
              "NotFound": {
                "description": "There is none.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "TooMany": {
                "description": "Too many wrong tokens.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "Unavailable": {
                "description": "The state cannot be read just now.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "NotModified": {"description": "It is as it was."}
            },
            "schemas": {
              "Alert": {
                "type": "object",
                "description": "An alert, as webhooks have it, and how its deliveries stand.",
                "required": ["id", "type", "timestamp", "data"],
                "properties": {
                  "id": {
                    "type": "string",
                    "description": "The same on every try, after a crash and from a restored backup."
                  },
                  "type": {
                    "type": "string",
                    "enum": ["alert", "health"],
                    "description": "health: of a feed or a sink that needs somebody."
                  },
                  "timestamp": {"type": "string", "format": "date-time"},
                  "data": {"$ref": "#/components/schemas/AlertData"},
                  "deliveries": {"type": "array", "items": {"$ref": "#/components/schemas/Delivery"}},
                  "acknowledged": {
                    "type": ["string", "null"],
                    "format": "date-time",
                    "description": "When somebody has marked it as seen. Not in feeds."
                  }
                }
              },
              "AlertData": {
                "type": "object",
                "required": [
                  "watches",
                  "severity",
                  "matches",
                  "item",
                  "feed",
                  "first_seen",
                  "duplicate_of",
                  "also_in",
                  "retroactive"
                ],
                "properties": {
                  "watches": {"type": "array", "items": {"type": "string"}},
                  "severity": {"type": "string", "enum": ["low", "normal", "high", "critical"]},
                  "matches": {"type": "array", "items": {"$ref": "#/components/schemas/Match"}},
                  "item": {"$ref": "#/components/schemas/Item"},
                  "feed": {"$ref": "#/components/schemas/AlertFeed"},
                  "first_seen": {"type": "string", "format": "date-time"},
                  "duplicate_of": {"type": ["string", "null"], "description": "The alert that tells the same story."},
                  "resembles_dismissed": {
                    "type": "string", "description": "An alert that is marked as not meant, and that this one is much like."
                  },
                  "also_in": {"type": "array", "items": {"$ref": "#/components/schemas/AlertFeed"}},
                  "retroactive": {"type": "boolean"}
                }
              },
              "Match": {
                "type": "object",
                "required": ["watch", "kind", "pattern", "field", "text", "score", "context"],
                "properties": {
                  "watch": {"type": "string"},
                  "kind": {"type": "string", "enum": ["term", "person", "query"]},
                  "pattern": {"type": "string", "description": "As the user wrote it."},
                  "field": {
                    "type": "string",
                    "enum": ["title", "summary", "content", "article", "author", "url", "category"]
                  },
                  "text": {"type": "string", "description": "What stands in the item."},
                  "score": {"type": "number", "minimum": 0, "maximum": 1},
                  "context": {"type": "string"}
                }
              },
              "Item": {
                "type": "object",
                "required": ["id", "authors"],
                "properties": {
                  "id": {"type": "string"},
                  "url": {"type": "string"},
                  "title": {"type": "string"},
                  "summary": {"type": "string"},
                  "date_published": {"type": "string", "format": "date-time"},
                  "language": {"type": "string"},
                  "authors": {"type": "array", "items": {"type": "string"}}
                }
              },
              "AlertFeed": {
                "type": "object",
                "required": ["url", "tags"],
                "properties": {
                  "url": {"type": "string", "description": "Without credentials."},
                  "name": {"type": "string"},
                  "tags": {"type": "array", "items": {"type": "string"}}
                }
              },
              "Delivery": {
                "type": "object",
                "required": ["sink", "state", "attempts", "last_error", "next_try"],
                "properties": {
                  "sink": {"type": "string"},
                  "state": {"type": "string", "enum": ["pending", "sent", "failed", "dead", "suppressed"]},
                  "attempts": {"type": "integer", "minimum": 0},
                  "last_error": {"type": ["string", "null"]},
                  "next_try": {"type": ["string", "null"], "format": "date-time"},
                  "history": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/Attempt"},
                    "description": "Its last tries. Of a single alert only."
                  }
                }
              },
              "Attempt": {
                "type": "object",
                "required": ["number", "time", "duration_ms", "verdict"],
                "properties": {
                  "number": {"type": "integer", "minimum": 0},
                  "time": {"type": "string", "format": "date-time"},
                  "duration_ms": {"type": "integer", "minimum": 0},
                  "verdict": {"type": "string", "enum": ["delivered", "deferred", "failed", "gone"]},
                  "status": {"type": "integer"},
                  "error": {"type": "string"},
                  "answer": {"type": "string"}
                }
              },
              "Feed": {
                "type": "object",
                "required": ["url", "tags", "health", "needs_attention", "failures"],
                "properties": {
                  "url": {"type": "string", "description": "Without credentials and the values of its query."},
                  "name": {"type": "string"},
                  "tags": {"type": "array", "items": {"type": "string"}},
                  "health": {
                    "type": "string",
                    "enum": [
                      "new",
                      "fine",
                      "slow",
                      "moved",
                      "overrun",
                      "stale",
                      "empty",
                      "blocked",
                      "failing",
                      "not a feed",
                      "gone"
                    ]
                  },
                  "health_since": {"type": "string", "format": "date-time"},
                  "evidence": {"type": "string"},
                  "needs_attention": {"type": "boolean"},
                  "usual_pause_seconds": {"type": "integer", "minimum": 0},
                  "moved_to": {"type": "string"},
                  "asked_there": {"type": "boolean"},
                  "validators": {"type": "string", "enum": ["unreliable"]},
                  "not_modified": {"type": "integer", "minimum": 0},
                  "last_poll": {"type": "string", "format": "date-time"},
                  "last_success": {"type": "string", "format": "date-time"},
                  "last_new_item": {"type": "string", "format": "date-time"},
                  "next_poll": {"type": "string", "format": "date-time"},
                  "failures": {"type": "integer", "minimum": 0},
                  "error": {"type": "string"},
                  "push": {"$ref": "#/components/schemas/Push"}
                }
              },
              "Push": {
                "type": "object",
                "required": ["hub", "state"],
                "properties": {
                  "hub": {"type": "string"},
                  "state": {"type": "string", "enum": ["unused", "pending", "active", "denied", "ending"]},
                  "lease_end": {"type": "string", "format": "date-time"},
                  "last_push": {"type": "string", "format": "date-time"},
                  "next_request": {"type": "string", "format": "date-time"},
                  "pushes": {"type": "integer", "minimum": 0},
                  "ignored": {"type": "integer", "minimum": 0},
                  "error": {"type": "string"}
                }
              },
              "Watch": {
                "type": "object",
                "required": [
                  "name",
                  "severity",
                  "languages",
                  "feeds",
                  "alerts",
                  "last_alert",
                  "silenced_until",
                  "atom",
                  "json_feed"
                ],
                "properties": {
                  "name": {"type": "string"},
                  "severity": {"type": "string", "enum": ["low", "normal", "high", "critical"]},
                  "languages": {"type": "array", "items": {"type": "string"}},
                  "feeds": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Names or tags of feeds. Empty: all."
                  },
                  "alerts": {"type": "integer", "minimum": 0, "description": "Those that are kept."},
                  "last_alert": {"type": ["string", "null"], "format": "date-time"},
                  "silenced_until": {"type": ["string", "null"], "format": "date-time"},
                  "atom": {
                    "type": "string",
                    "description": "Where its alerts can be subscribed to, with the key for it."
                  },
                  "json_feed": {"type": "string"}
                }
              },
              "Status": {
                "type": "object",
                "required": [
                  "version",
                  "started",
                  "time",
                  "ready",
                  "feeds",
                  "watches",
                  "alerts",
                  "sinks",
                  "silences",
                  "atom",
                  "json_feed"
                ],
                "properties": {
                  "version": {"type": "string"},
                  "started": {"type": "string", "format": "date-time"},
                  "time": {"type": "string", "format": "date-time"},
                  "ready": {"type": "boolean"},
                  "reason": {"type": "string", "description": "Why it is not ready."},
                  "feeds": {
                    "type": "object",
                    "required": ["total", "needs_attention", "due", "health"],
                    "properties": {
                      "total": {"type": "integer", "minimum": 0},
                      "needs_attention": {"type": "integer", "minimum": 0},
                      "due": {"type": "integer", "minimum": 0, "description": "Due, and not yet polled."},
                      "health": {
                        "type": "object",
                        "description": "How many are of each health.",
                        "additionalProperties": {"type": "integer", "minimum": 0}
                      }
                    }
                  },
                  "watches": {"type": "integer", "minimum": 0},
                  "alerts": {
                    "type": "object",
                    "required": ["kept", "held"],
                    "properties": {
                      "kept": {"type": "integer", "minimum": 0},
                      "held": {"type": "integer", "minimum": 0, "description": "Wait for a person to release them."}
                    }
                  },
                  "sinks": {"type": "array", "items": {"$ref": "#/components/schemas/Sink"}},
                  "silences": {"type": "array", "items": {"$ref": "#/components/schemas/Silence"}},
                  "atom": {
                    "type": "string",
                    "description": "Where all alerts can be subscribed to, with the key for it."
                  },
                  "json_feed": {"type": "string"}
                }
              },
              "Sink": {
                "type": "object",
                "required": ["name", "state", "pending", "failed"],
                "properties": {
                  "name": {"type": "string"},
                  "state": {"type": "string", "enum": ["well", "failing", "refused", "gone"]},
                  "since": {"type": "string", "format": "date-time"},
                  "pending": {"type": "integer", "minimum": 0},
                  "failed": {"type": "integer", "minimum": 0},
                  "error": {"type": "string"}
                }
              },
              "Silence": {
                "type": "object",
                "required": ["watch", "since", "until"],
                "properties": {
                  "watch": {"type": "string"},
                  "since": {"type": "string", "format": "date-time"},
                  "until": {"type": "string", "format": "date-time"},
                  "reason": {"type": "string"}
                }
              },
              "Problem": {
                "type": "object",
                "description": "RFC 9457.",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                  "type": {"type": "string"},
                  "title": {"type": "string"},
                  "status": {"type": "integer"},
                  "detail": {"type": "string"},
                  "parameter": {"type": "string", "description": "The one of the query that is at fault."}
                }
              },
              "JSONFeed": {
                "type": "object",
                "description": "JSON Feed 1.1.",
                "required": ["version", "title", "feed_url", "authors", "items"],
                "properties": {
                  "version": {"type": "string", "const": "https://jsonfeed.org/version/1.1"},
                  "title": {"type": "string"},
                  "feed_url": {"type": "string"},
                  "next_url": {"type": "string"},
                  "authors": {"type": "array", "items": {"$ref": "#/components/schemas/Author"}},
                  "items": {"type": "array", "items": {"$ref": "#/components/schemas/JSONFeedItem"}}
                }
              },
              "Author": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "url": {"type": "string"}}
              },
              "JSONFeedItem": {
                "type": "object",
                "required": ["id", "title", "content_text", "date_published", "tags", "_tocsin"],
                "properties": {
                  "id": {"type": "string"},
                  "url": {"type": "string"},
                  "title": {"type": "string"},
                  "content_text": {"type": "string"},
                  "date_published": {"type": "string", "format": "date-time"},
                  "language": {"type": "string"},
                  "tags": {"type": "array", "items": {"type": "string"}},
                  "authors": {"type": "array", "items": {"$ref": "#/components/schemas/Author"}},
                  "_tocsin": {
                    "type": "object",
                    "required": ["about", "alert"],
                    "properties": {"about": {"type": "string"}, "alert": {"$ref": "#/components/schemas/Alert"}}
                  }
                }
              },
              "AlertPage": {
                "type": "object",
                "required": ["alerts", "next"],
                "properties": {
                  "alerts": {"type": "array", "items": {"$ref": "#/components/schemas/Alert"}},
                  "next": {
                    "type": ["string", "null"],
                    "description": "The cursor of the next page. Null: this is the last."
                  }
                }
              },
              "FeedPage": {
                "type": "object",
                "required": ["feeds", "next"],
                "properties": {
                  "feeds": {"type": "array", "items": {"$ref": "#/components/schemas/Feed"}},
                  "next": {
                    "type": ["string", "null"],
                    "description": "The cursor of the next page. Null: this is the last."
                  }
                }
              },
              "WatchPage": {
                "type": "object",
                "required": ["watches", "next"],
                "properties": {
                  "watches": {"type": "array", "items": {"$ref": "#/components/schemas/Watch"}},
                  "next": {
                    "type": ["string", "null"],
                    "description": "The cursor of the next page. Null: this is the last."
                  }
                }
              }
            }
          }
        }

        """#
}
