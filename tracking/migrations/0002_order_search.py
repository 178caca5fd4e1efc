"""Fragment search under row-level security.

Policies keep operators that are not leakproof (LIKE, the trigram ones) from using an index,
so the searched text stands in a table beside the orders: without a policy, without any right
for the application's role, kept by triggers, and read by one function that takes the merchant
from the scope itself. See `helpdesk.search`.

There is no foreign key: Django's flush truncates the tables it knows in one statement, and a
key from a table it does not know would forbid that. The triggers cover delete and truncate.
"""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

TABLE = """
CREATE TABLE tracking_order_search (
    order_id bigint PRIMARY KEY,
    merchant_id bigint NOT NULL,
    placed_at timestamptz NOT NULL,
    text text NOT NULL
);
REVOKE ALL ON tracking_order_search FROM PUBLIC;
CREATE INDEX order_search_recent ON tracking_order_search (merchant_id, placed_at DESC, order_id DESC);
CREATE INDEX order_search_trigrams ON tracking_order_search
    USING gin (merchant_id, text gin_trgm_ops) WITH (gin_pending_list_limit = 1024);
"""

KEEP = """
CREATE FUNCTION keep_order_search() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE public.tracking_order_search;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM public.tracking_order_search WHERE order_id = OLD.id;
    ELSE
        INSERT INTO public.tracking_order_search (order_id, merchant_id, placed_at, text)
        VALUES (NEW.id, NEW.merchant_id, NEW.placed_at, NEW.search_text)
        ON CONFLICT (order_id) DO UPDATE SET
            merchant_id = EXCLUDED.merchant_id,
            placed_at = EXCLUDED.placed_at,
            text = EXCLUDED.text;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_order_search() FROM PUBLIC;
CREATE TRIGGER order_search_on_insert AFTER INSERT ON tracking_order
    FOR EACH ROW EXECUTE FUNCTION keep_order_search();
-- The WHEN matters: a refresh after every scan writes the same text again.
CREATE TRIGGER order_search_on_update
    AFTER UPDATE OF search_text, merchant_id, placed_at ON tracking_order
    FOR EACH ROW WHEN (
        (OLD.search_text, OLD.merchant_id, OLD.placed_at)
        IS DISTINCT FROM (NEW.search_text, NEW.merchant_id, NEW.placed_at)
    ) EXECUTE FUNCTION keep_order_search();
CREATE TRIGGER order_search_on_delete AFTER DELETE ON tracking_order
    FOR EACH ROW EXECUTE FUNCTION keep_order_search();
CREATE TRIGGER order_search_on_truncate AFTER TRUNCATE ON tracking_order
    FOR EACH STATEMENT EXECUTE FUNCTION keep_order_search();
"""

SEARCH = """
CREATE FUNCTION search_orders(fragments text[], wanted integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    merchant bigint := nullif(current_setting('rls.current_tenant', true), '')::bigint;
    phrase text := array_to_string(fragments, ' ');
    has_all text;
    all_alike text;
    found_ids bigint[];
BEGIN
    IF merchant IS NULL THEN
        RAISE EXCEPTION 'search_orders needs a merchant in scope'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    wanted := least(greatest(wanted, 1), 200);
    -- Literals, not parameters: the planner must see the trigrams. LIKE's own characters escaped.
    SELECT string_agg(
        format('text LIKE %L', '%' || regexp_replace(part, '([\\\\%_])', '\\\\\\1', 'g') || '%'), ' AND ')
    INTO has_all FROM unnest(fragments[1:8]) AS part WHERE part <> '';
    IF has_all IS NULL THEN
        RETURN;
    END IF;

    -- What many orders contain ("gmail") is found among the latest ones at once; sorting all
    -- that contain it would read a good part of the table.
    EXECUTE format(
        'SELECT array_agg(order_id) FROM (SELECT order_id FROM (
            SELECT order_id, text FROM public.tracking_order_search WHERE merchant_id = $1
            ORDER BY placed_at DESC, order_id DESC LIMIT 1000
        ) AS latest WHERE %s LIMIT $2) AS hits', has_all)
    INTO found_ids USING merchant, wanted;
    IF cardinality(found_ids) >= wanted THEN
        RETURN QUERY SELECT unnest(found_ids);
        RETURN;
    END IF;

    -- Sorted by an expression, so that the planner does not walk the merchant's orders by date
    -- in the hope of early hits.
    RETURN QUERY EXECUTE format(
        'SELECT order_id FROM public.tracking_order_search WHERE merchant_id = $1 AND %s
         ORDER BY placed_at + interval ''0'' DESC, order_id DESC LIMIT $2', has_all)
    USING merchant, wanted;
    IF FOUND OR phrase ~ '[0-9@.]' OR length(phrase) < 4 THEN
        RETURN;
    END IF;

    -- Nothing contains it: a misspelt name. Every word must be alike, so that a common first
    -- name alone does not make half the table a candidate.
    SELECT string_agg(format('%L <%% text', part), ' AND ')
    INTO all_alike FROM unnest(fragments[1:8]) AS part WHERE length(part) > 2;
    IF all_alike IS NULL THEN
        RETURN;
    END IF;
    -- The call loads pg_trgm, which owns the setting.
    PERFORM word_similarity('a', 'a');
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    RETURN QUERY EXECUTE format(
        'SELECT order_id FROM public.tracking_order_search WHERE merchant_id = $1 AND %s
         ORDER BY word_similarity($2, text) DESC, placed_at DESC, order_id DESC LIMIT $3', all_alike)
    USING merchant, phrase, wanted;
END $$;
REVOKE ALL ON FUNCTION search_orders(text[], integer) FROM PUBLIC;
"""

FILL = """
SELECT set_config('rls.is_admin', 'true', true);
INSERT INTO tracking_order_search (order_id, merchant_id, placed_at, text)
SELECT id, merchant_id, placed_at, search_text FROM tracking_order;
SELECT set_config('rls.is_admin', 'false', true);
"""

REMOVE = """
DROP FUNCTION search_orders(text[], integer);
DROP TRIGGER order_search_on_insert ON tracking_order;
DROP TRIGGER order_search_on_update ON tracking_order;
DROP TRIGGER order_search_on_delete ON tracking_order;
DROP TRIGGER order_search_on_truncate ON tracking_order;
DROP FUNCTION keep_order_search();
DROP TABLE tracking_order_search;
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial")]

    operations = [
        BtreeGinExtension(),
        # Never used: under the policy no plan may choose it.
        migrations.RemoveIndex(model_name="order", name="order_search_trigrams"),
        migrations.RunSQL([TABLE, FILL, KEEP, SEARCH], REMOVE),
    ]
