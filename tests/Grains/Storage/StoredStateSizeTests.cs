using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Storage;

/// <summary>The largest state that callers can bring about, by the rules themselves.</summary>
public sealed class StoredStateSizeTests
{
    /// <summary>Source: docs/adr/0003-storage.md.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly DateTimeOffset Now = TestData.Start;

    private static readonly VirtualKeyId Id = VirtualKeyId.New(Now);

    /// <summary>A caller whose texts are as long as the front end permits.</summary>
    private static readonly Caller Caller = TestData.Caller with
    {
        Origin = new(
            ActorKind.ApiKey,
            SecretId.New(Now).ToString(),
            new string('r', 64),
            "2001:db8:1000:1000:1000:1000:1000:1000"),
    };

    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("é")]
    [InlineData("漢")]
    [InlineData("😀")]
    public void A_state_takes_at_most_64_KB(string character)
    {
        var state = CreateLargest(character);
        var sizes = new List<int> { GetSize(state) };

        // An earlier expiry changes the deadline of every retiring secret.
        var update = TestData.NewExpiryCommand(Now.AddHours(1)) with
        {
            Caller = Caller,
            Name = Repeat(character, 128, 'b'),
            SetsDescription = true,
            Description = new string('y', state.Description!.Length),
            ProviderCredentialIds = [.. state.ProviderCredentialIds.Reverse().Select(id => 'd' + id[1..])],
        };
        var updated = EventRecorder.Record(state, VirtualKeyLifecycle.Update(state, update, Now).State!);
        sizes.Add(GetSize(updated));
        Assert.NotEqual(state.Description, updated.Description);

        var reason = Repeat(character, 500, 'e');
        var disabled = EventRecorder.Record(updated, VirtualKeyLifecycle.Disable(updated, Caller, reason, Now).State!);
        sizes.Add(GetSize(disabled));

        var expired = EventRecorder.Record(disabled, VirtualKeyLifecycle.ExpireRetiringSecrets(
            disabled, new(Caller, Secret: null), Now).State!);
        sizes.Add(GetSize(expired));

        var erased = EventRecorder.Record(expired, expired with { Secrets = expired.Secrets.WithoutExpired(Now) });
        Assert.Empty(erased.Secrets.Replaced);
        sizes.Add(GetSize(erased));
        Assert.True(sizes.Max() <= MaxBytes, $"{string.Join(", ", sizes)} bytes");
        Assert.True(sizes.Max() > MaxBytes / 2, "The test does not make large states.");
    }

    /// <summary>The last event contains the old and the new configuration.</summary>
    [Fact]
    public void A_configuration_adds_at_most_three_times_its_size()
    {
        var state = Update(CreateLargest("x"), CreateConfig('a'));
        var updated = Update(state, CreateConfig('b'));

        Assert.NotEqual(state.Config, updated.Config);
        Assert.True(GetSize(updated) <= MaxBytes + 3 * VirtualKeyLimits.MaxConfigBytes, $"{GetSize(updated)} bytes");

        static VirtualKeyState Update(VirtualKeyState state, string config)
        {
            var command = new UpdateVirtualKeyCommand { Caller = Caller, ConfigPatch = config };
            var decision = VirtualKeyLifecycle.Update(state, command, Now);
            Assert.Equal(ChangeOutcome.Done, decision.Outcome);
            return EventRecorder.Record(state, decision.State!);
        }

        static string CreateConfig(char character) =>
            $$"""{"c":"{{new string(character, VirtualKeyLimits.MaxConfigBytes - 8)}}"}""";
    }

    private static VirtualKeyState CreateLargest(string character)
    {
        var command = TestData.NewCreateCommand(Mint(), Now) with
        {
            Caller = Caller,
            Name = Repeat(character, 128, 'a'),
            PrincipalUserId = Repeat(character, 255, 'a'),
            Description = "",
            ProviderCredentialIds = [],
        };
        var bytes = VirtualKeyLimits.MaxTextBytes
            - StateJson.CountBytes(command.Name) - StateJson.CountBytes(command.PrincipalUserId);
        var id = Repeat(character, 80, 'c');
        var ids = Enumerable.Repeat(id, Math.Min(100, bytes / StateJson.CountBytes(id))).ToList();
        var rest = bytes - ids.Sum(StateJson.CountBytes);
        var state = Create(command with { ProviderCredentialIds = ids, Description = new string('x', rest) });
        for (var i = 0; i < SecretSet.MaxReplacedSecrets; i++)
        {
            var isRetiring = i >= SecretSet.MaxReplacedSecrets - GracePeriod.MaxRetiringSecrets;
            var secret = NewSecret.From(Mint(), Now);
            var rotate = new RotateSecretCommand
            {
                Caller = Caller,
                Secret = secret,
                GracePeriod = isRetiring ? TimeSpan.FromDays(30) : TimeSpan.Zero,
            };
            var rotated = VirtualKeyLifecycle.Rotate(state, rotate, TestData.Pepper, Now, DateTimeOffset.MinValue);
            Assert.Equal(ChangeOutcome.Done, rotated.Outcome);
            state = rotated.State! with
            {
                LastUsedAt = Now,
                Secrets = rotated.State.Secrets.WithLastUsed(
                    new Dictionary<string, SecretUse> { [secret.Id.ToString()] = new(Now) }),
            };
        }

        while (state.IdempotencyRecords.HasRoom(Now))
        {
            state = state with
            {
                IdempotencyRecords = state.IdempotencyRecords.Add(CreateRecord(state), DateTimeOffset.MinValue),
            };
        }

        return state;
    }

    private static VirtualKeyState Create(CreateVirtualKeyCommand command)
    {
        var stored = StoredSecret.From(command.Secret, TestData.Pepper, Now);
        var decision = VirtualKeyLifecycle.Create(Id.ToString(), command, stored, Now);
        Assert.Equal(ChangeOutcome.Done, decision.Outcome);
        return EventRecorder.Record(before: null, decision.State!);
    }

    /// <summary>A record as the front end and the grain make it: the secret is encrypted twice.</summary>
    private static IdempotencyRecord CreateRecord(VirtualKeyState state)
    {
        var request = TestData.NewIdempotentRequest("key");
        var once = TestData.Pepper.Seal(Encoding.ASCII.GetBytes(Mint().Reveal()), "front end");
        return new()
        {
            KeyHash = TestData.Pepper.Hash(request.KeyDigest),
            RequestHash = request.RequestHash.ToArray(),
            SealedSecret = TestData.Pepper.Seal(once, state.Id),
            SecretId = state.Secrets.CurrentSecret.Id,
            ExpiresAt = Now + IdempotentRequest.RecordLifetime,
        };
    }

    private static Secret Mint() => TestData.MintSecret(Id);

    /// <summary>Repeats a character up to a number of UTF-16 code units, after a first letter.</summary>
    private static string Repeat(string character, int length, char first) =>
        first + string.Concat(Enumerable.Repeat(character, (length - 1) / character.Length));

    private static int GetSize(VirtualKeyState state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options).Length;
}
