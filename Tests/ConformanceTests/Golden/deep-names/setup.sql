CREATE SCHEMA "Other-Schema";
CREATE TABLE "Other-Schema"."Table $1" (id int PRIMARY KEY, "a$b" text);
CREATE TABLE "9 lives" ("9" int PRIMARY KEY, "_x" text, "tab	tab" text);
INSERT INTO "Other-Schema"."Table $1" VALUES (1, 'x'); INSERT INTO "9 lives" VALUES (1, 'y', 'z');
