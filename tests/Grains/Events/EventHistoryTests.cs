using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.VirtualKeys;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Events;

/// <summary>
/// The events of a key, in random histories. A failure prints its seed; the environment variable <c>CsCheck_Seed</c>
/// repeats it.
/// </summary>
public sealed class EventHistoryTests
{
    private const int HistoryCount = 200;

    private enum StepKind
    {
        Update, SetExpiry, RemoveExpiry, Rotate, RotateWithoutGrace, ExpireOne, ExpireAll, ChangeDeadline,
        Disable, Enable, Replay, Use, Erase, AdvanceClock, Revoke,
    }

    private sealed record Step(StepKind Kind, int Minutes, int Pick);

    private static readonly Gen<Step[]> AnyHistory =
        from steps in Gen.Select(
            Gen.Int[0, (int)StepKind.AdvanceClock], Gen.Int[1, 3000], Gen.Int[0, 99],
            (kind, minutes, pick) => new Step((StepKind)kind, minutes, pick)).Array[0, 25]
        from revokes in Gen.Bool
        from pick in Gen.Int[0, 99]
        select revokes ? [.. steps, new Step(StepKind.Revoke, 0, pick), new Step(StepKind.Erase, 0, 0)] : steps;

    [Fact]
    public void The_changes_of_events_applied_to_any_older_state_give_the_newer_one() => ForAnyHistory(key =>
    {
        for (var older = 0; older < key.Versions.Count; older++)
        {
            var fields = EventRecorder.GetFields(key.Versions[older]);
            for (var newer = older + 1; newer < key.Versions.Count; newer++)
            {
                if (IsEvent(key, newer)) fields = EventReplay.Apply(fields, GetChanges(key.Versions[newer]));
                var expected = EventRecorder.GetFields(key.Versions[newer]);
                Assert.True(JsonNode.DeepEquals(expected, fields), $"Expected: {expected}\nActual: {fields}");
            }
        }
    });

    [Fact]
    public void The_changes_of_all_events_applied_to_nothing_give_the_state() => ForAnyHistory(key =>
    {
        JsonObject fields = [];
        for (var version = 0; version < key.Versions.Count; version++)
            if (IsEvent(key, version)) fields = EventReplay.Apply(fields, GetChanges(key.Versions[version]));
        Assert.True(JsonNode.DeepEquals(EventRecorder.GetFields(key.State), fields));
    });

    [Fact]
    public void Events_are_numbered_consecutively_from_1() => ForAnyHistory(key =>
    {
        var numbers = key.Versions.Select(version => version.LastEvent.Number!.Value).Distinct().ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
    });

    [Fact]
    public void A_visible_change_is_an_event() => ForAnyHistory(key =>
    {
        for (var version = 1; version < key.Versions.Count; version++)
        {
            var (before, after) = (key.Versions[version - 1], key.Versions[version]);
            if (after.Revision != before.Revision) Assert.True(IsEvent(key, version));
        }
    });

    [Fact]
    public void No_event_contains_a_hash_or_a_time_of_use() => ForAnyHistory(key =>
    {
        var hashes = key.Versions
            .SelectMany(version => version.Secrets.All())
            .SelectMany(secret => new[] { Convert.ToBase64String(secret.Hash), secret.PepperId })
            .ToHashSet();
        foreach (var version in key.Versions)
        {
            var texts = GetTexts(ToJson(version)["change"]!).ToList();
            Assert.Contains(version.LastEvent.Type, texts);
            Assert.DoesNotContain(texts, hashes.Contains);
            Assert.DoesNotContain(texts, text => text is "hash" or "pepper_id" or "last_used_at");
        }
    });

    [Fact]
    public void The_event_of_a_rotation_records_the_new_secret_and_the_deadline_of_the_old_one()
    {
        var key = new RuleTestKey(TestData.Start);
        var second = key.Rotate(TestData.Start, TimeSpan.FromHours(1));
        var (first, current) = (key.GetSecretId(key.First), key.GetSecretId(second));

        var changes = GetChanges(key.State);

        Assert.Equal(
            new[] { "current_secret", $"secrets.{first}", $"secrets.{current}" }.Order(StringComparer.Ordinal),
            changes.Select(change => change.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            (first.ToString(), current.ToString()),
            ((string?)changes["current_secret"]!["old"], (string?)changes["current_secret"]!["new"]));
        Assert.Null(changes[$"secrets.{first}"]!["old"]!["valid_until"]);
        Assert.Equal("2026-11-22T11:15:00.000Z", (string?)changes[$"secrets.{first}"]!["new"]!["valid_until"]);
        Assert.Null(changes[$"secrets.{current}"]!["old"]);
    }

    [Fact]
    public void The_event_of_an_update_records_each_field_that_it_sets()
    {
        var key = new RuleTestKey(TestData.Start);
        key.Update(
            new()
            {
                Caller = TestData.Caller,
                Permissions = ["chat:write"],
                SetsExternalId = true,
                ExternalId = "an id",
                Metadata = new Dictionary<string, string> { ["team"] = "a" },
                ConfigPatch = """{"limit":1}""",
                AllowedIps = [IPNetwork.Parse("192.0.2.0/24")],
            },
            TestData.Start);

        Assert.Equal(
            ["allowed_ips", "config", "external_id", "metadata", "permissions"],
            GetChanges(key.State).Select(change => change.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_first_event_after_a_state_of_an_earlier_build_has_the_number_1()
    {
        var key = new RuleTestKey(TestData.Start);
        var earlier = key.State with { LastEvent = key.State.LastEvent with { Number = null, Changes = null } };
        var changed = earlier with { Name = "another name" };

        var recorded = EventRecorder.Record(earlier, changed);

        Assert.Equal(1, recorded.LastEvent.Number);
        Assert.Equal("""{"name":{"old":"a name","new":"another name"}}""", recorded.LastEvent.Changes!.ToJsonString());
    }

    [Fact]
    public void Events_record_the_origin_of_the_request()
    {
        var origin = new RequestOrigin(ActorKind.ApiKey, "key_1", "request_1", "192.0.2.1");
        var recorded = StateEvent.Create(
            EventTypes.Revoked, TestData.Caller with { Origin = origin }, TestData.Start, "secret_1");

        var json = JsonSerializer.SerializeToNode(recorded, StateJson.Options)!;

        Assert.Equal(
            """
            {"action":"revoked","actor":"sk-lw-ABCDEF","at":"2026-11-22T10:15:00.000Z","actor_kind":"api_key",
            "actor_id":"key_1","request_id":"request_1","source_address":"192.0.2.1","secret_id":"secret_1"}
            """.ReplaceLineEndings(""),
            json.ToJsonString());
    }

    [Fact]
    public void A_service_that_calls_the_grain_directly_is_recorded_by_its_name()
    {
        var created = new RuleTestKey(TestData.Start).State.LastEvent;

        Assert.Equal((ActorKind.Service, TestData.Caller.Actor), (created.ActorKind, created.Actor));
    }

    private static void ForAnyHistory(Action<RuleTestKey> assert) => AnyHistory.Sample(
        history => assert(Run(history)),
        iter: HistoryCount,
        threads: 1,
        print: history => string.Join("; ", history.Select(step => $"{step}")));

    private static RuleTestKey Run(Step[] history)
    {
        var now = TestData.Start;
        var key = new RuleTestKey(now);
        foreach (var step in history)
        {
            Apply(step, now, key);
            if (step.Kind == StepKind.AdvanceClock) now = now.AddMinutes(step.Minutes);
        }

        return key;
    }

    private static void Apply(Step step, DateTimeOffset now, RuleTestKey key)
    {
        var (time, secrets) = (now.AddMinutes(step.Minutes), key.State.Secrets.All().ToList());
        var picked = SecretId.Parse(secrets[step.Pick % secrets.Count].Id);
        switch (step.Kind)
        {
            case StepKind.Update:
                key.Update(
                    new()
                    {
                        Caller = TestData.Caller,
                        Name = step.Pick % 2 == 0 ? $"name {step.Pick}" : null,
                        SetsDescription = step.Pick % 3 == 0,
                        Description = step.Pick % 2 == 0 ? $"description {step.Pick}" : null,
                        ProviderCredentialIds = step.Pick % 5 == 0 ? [$"credential_{step.Pick}"] : null,
                        Permissions = Choose<IReadOnlyList<string>>(step, [[], ["chat:write"], ["chat:*", "a:b"]]),
                        SetsExternalId = step.Pick % 7 == 0,
                        ExternalId = step.Pick % 2 == 0 ? $"external_{step.Pick}" : null,
                        Metadata = Choose<IReadOnlyDictionary<string, string>>(step, [
                            new Dictionary<string, string>(),
                            new Dictionary<string, string> { ["team"] = $"team_{step.Pick}" },
                            new Dictionary<string, string> { ["team"] = "a", ["plan"] = "b" },
                        ]),
                        ConfigPatch = Choose(step, [
                            "null",
                            $$"""{"limit":{{step.Pick}},"models":["a",null]}""",
                            """{"limit":null,"x":{"y":1}}""",
                        ]),
                        AllowedIps = Choose<IReadOnlyList<IPNetwork>>(step, [
                            [], [IPNetwork.Parse("192.0.2.0/24")], [IPNetwork.Parse("2001:db8::/32")],
                        ]),
                    },
                    now);
                break;
            case StepKind.SetExpiry:
                key.SetExpiry(time, now);
                break;
            case StepKind.RemoveExpiry:
                key.SetExpiry(null, now);
                break;
            case StepKind.Rotate:
                key.TryRotate(RuleTestKey.Mint(), now, TimeSpan.FromMinutes(step.Minutes));
                break;
            case StepKind.RotateWithoutGrace:
                key.TryRotate(RuleTestKey.Mint(), now, TimeSpan.Zero);
                break;
            case StepKind.ExpireOne:
                key.ExpireRetiringSecret(picked, now);
                break;
            case StepKind.ExpireAll:
                key.ExpireAllRetiringSecrets(now);
                break;
            case StepKind.ChangeDeadline:
                key.ChangeDeadline(picked, time, now);
                break;
            case StepKind.Disable:
                key.Disable(now, step.Pick % 2 == 0 ? "a reason" : null);
                break;
            case StepKind.Enable:
                key.Enable(now);
                break;
            case StepKind.Replay:
                key.Replay(now);
                break;
            case StepKind.Use:
                key.Use(now);
                break;
            case StepKind.Erase:
                key.EraseExpired(now - RuleTestKey.MaxClockOffset);
                break;
            case StepKind.Revoke:
                key.Revoke(now);
                break;
        }
    }

    /// <summary>Returns one of some values, or null.</summary>
    private static T? Choose<T>(Step step, T[] values)
        where T : class =>
        (step.Pick + step.Minutes) % (values.Length + 1) is var index && index < values.Length ? values[index] : null;

    private static bool IsEvent(RuleTestKey key, int version) =>
        version == 0 || key.Versions[version].LastEvent.Number != key.Versions[version - 1].LastEvent.Number;

    /// <summary>Returns the changes of the last event, as the database would contain them.</summary>
    private static JsonObject GetChanges(VirtualKeyState version) =>
        ToJson(version)["change"]!["changes"]?.AsObject() ?? [];

    private static JsonNode ToJson(VirtualKeyState version) =>
        JsonNode.Parse(JsonSerializer.Serialize(version, StateJson.Options))!;

    /// <summary>Returns the names and texts in a value.</summary>
    private static IEnumerable<string> GetTexts(JsonNode? node) => node switch
    {
        JsonObject json => json.Select(member => member.Key).Concat(json.SelectMany(member => GetTexts(member.Value))),
        JsonArray items => items.SelectMany(GetTexts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
