INSERT INTO "Mixed.Case" VALUES (2, 'Bob', 180, NULL);
UPDATE "Mixed.Case" SET "Full Name" = 'Bobby' WHERE "my-id" = 2;
DELETE FROM "Mixed.Case" WHERE "my-id" = 1;
