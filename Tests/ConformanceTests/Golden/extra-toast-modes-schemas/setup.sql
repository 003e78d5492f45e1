CREATE EXTENSION hstore;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE docs (id int PRIMARY KEY, v int, t text, vc varchar(5000), by bytea, j json, jb jsonb, x xml, h hstore, ia int[], ta text[], ua uuid[], na numeric(20,4)[], tsa timestamp[], ba bytea[], n numeric, bt bit varying);
DO $$ DECLARE c text; BEGIN FOREACH c IN ARRAY ARRAY['t','vc','by','j','jb','x','h','ia','ta','ua','na','tsa','ba','bt'] LOOP EXECUTE 'ALTER TABLE docs ALTER COLUMN ' || c || ' SET STORAGE EXTERNAL'; END LOOP; END $$;
INSERT INTO docs SELECT 1, 1, repeat('t', 3000), repeat('v', 3000), decode(repeat('ab', 3000), 'hex'), ('{"a":"' || repeat('j', 3000) || '"}')::json, ('{"a":"' || repeat('b', 3000) || '"}')::jsonb, ('<a>' || repeat('x', 3000) || '</a>')::xml,
  ('k=>' || repeat('h', 3000))::hstore, array_fill(1, ARRAY[1500]), array_fill('text'::text, ARRAY[800]), array_fill('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, ARRAY[300]), array_fill(1.5::numeric(20,4), ARRAY[600]), array_fill('2024-01-01'::timestamp, ARRAY[500]), array_fill('\x0102'::bytea, ARRAY[500]), 1, repeat('10', 10000)::bit varying;
