using System.Text;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Storage.Tests;

/// <summary>The MAC of a state covers every byte of it, and survives what the service does to peppers.</summary>
public sealed class StateMacTests
{
    private const string Json = """{"id":"vk_1","revoked_at":"2026-11-22T10:15:00.000Z","unknown":{"a":[1,2]}}""";

    private static readonly Pepper First = Pepper.WithHashKeys(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly Pepper Second = Pepper.WithHashKeys(Enumerable.Repeat((byte)2, 32).ToArray());

    [Fact]
    public void An_untouched_state_is_returned_as_it_was_written()
    {
        var mac = Create(First);
        var stored = mac.Add(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(Json, Encoding.UTF8.GetString(mac.Open(stored)));
        Assert.Equal(First.Id, StateMac.FindPepperId(stored));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(Json), RemoveMac(JsonNode.Parse(stored)!.AsObject())));
    }

    [Fact]
    public void Each_altered_byte_is_detected()
    {
        var mac = Create(First, isRequired: true);
        var stored = mac.Add(Encoding.UTF8.GetBytes(Json));

        for (var i = 0; i < stored.Length; i++)
        {
            var altered = stored.ToArray();
            altered[i] ^= 1;
            var exception = Record.Exception(() => mac.Open(altered));
            Assert.True(exception is AlteredStateException or MissingStatePepperException, $"Byte {i}: {exception}");
        }
    }

    [Fact]
    public void The_MAC_of_another_service_does_not_fit() => Assert.Throws<AlteredStateException>(() =>
        Create(First).Open(new StateMac(CreateRing(First), "other", false).Add(Encoding.UTF8.GetBytes(Json))));

    [Fact]
    public void A_state_without_a_MAC_is_accepted_until_one_is_required()
    {
        var state = Encoding.UTF8.GetBytes(Json);

        Assert.Equal(state, Create(First).Open(state));
        Assert.Throws<AlteredStateException>(() => Create(First, isRequired: true).Open(state));
    }

    /// <summary>A build that does not know the MAC writes it after the members that it knows.</summary>
    [Fact]
    public void A_MAC_at_another_place_counts_as_none()
    {
        var member = $"\"mac\":\"{First.Id}.{new string('A', 43)}\"";
        var state = Encoding.UTF8.GetBytes($"{Json[..^1]},{member}}}");

        Assert.Null(StateMac.FindPepperId(state));
        Assert.Equal(state, Create(First).Open(state));
    }

    [Fact]
    public void A_MAC_under_another_pepper_is_verified_while_that_pepper_is_configured()
    {
        var stored = Create(First).Add(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(Json, Encoding.UTF8.GetString(Create(Second, isRequired: true, First).Open(stored)));
        stored[^3] ^= 1;
        Assert.Throws<AlteredStateException>(() => Create(Second, isRequired: false, First).Open(stored));
    }

    [Fact]
    public void A_MAC_under_a_missing_pepper_counts_as_a_missing_one_until_one_is_required()
    {
        var stored = Create(First).Add(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(Json, Encoding.UTF8.GetString(Create(Second).Open(stored)));
        var missing = Assert.Throws<MissingStatePepperException>(() => Create(Second, isRequired: true).Open(stored));
        Assert.Equal(First.Id, missing.PepperId);
    }

    private static StateMac Create(Pepper current, bool isRequired = false, params Pepper[] others) =>
        new(CreateRing(current, others), StorageTest.ServiceId, isRequired);

    private static PepperRing CreateRing(Pepper current, params Pepper[] others) => new(new PepperSet(current, others));

    private static JsonObject RemoveMac(JsonObject state)
    {
        state.Remove("mac");
        return state;
    }
}
