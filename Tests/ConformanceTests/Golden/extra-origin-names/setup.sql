CREATE TABLE "Mixed.Case" ("my-id" int, "Full Name" text, "größe" int, "9lives" text, PRIMARY KEY ("my-id", "Full Name"));
INSERT INTO "Mixed.Case" VALUES (1, 'Ann', 170, 'x');
