INSERT INTO "My Schema"."Table One" VALUES (2, 'x', 'y', 2, 3);
UPDATE "dash-ed" SET "select" = 'z', "key-id" = 7;
DELETE FROM "My Schema"."Table One" WHERE "Id" = 1;
