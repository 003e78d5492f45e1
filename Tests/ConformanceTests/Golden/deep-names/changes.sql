INSERT INTO "Other-Schema"."Table $1" VALUES (2, 'x');
UPDATE "9 lives" SET "9" = 2;
SELECT pg_logical_emit_message(true, 'p', 'c');
DELETE FROM "9 lives";
