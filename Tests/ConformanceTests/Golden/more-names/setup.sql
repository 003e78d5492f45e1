CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."Table One" ("Id" int PRIMARY KEY, "a b" text, "ünïcode" text, "quo""te" int, "1st" int);
CREATE TABLE "dash-ed" ("key-id" int PRIMARY KEY, "select" text, "a.b" int);
INSERT INTO "My Schema"."Table One" VALUES (1, 'x', 'y', 2, 3);
INSERT INTO "dash-ed" VALUES (1, 'x', 2);
