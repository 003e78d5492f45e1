INSERT INTO defs (id, r) VALUES (3, '2024-01-01');
UPDATE defs SET a = NULL, b = NULL, n = NULL WHERE id = 3;
DELETE FROM defs WHERE id = 1;
