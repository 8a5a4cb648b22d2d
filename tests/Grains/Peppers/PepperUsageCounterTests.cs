using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Peppers;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.VirtualKeys;
using KeysCluster.Grains.VirtualKeys;

namespace KeysCluster.Grains.Tests.Peppers;

public sealed class PepperUsageCounterTests
{
    private readonly RuleTestKey _key = new(TestData.Start);
    private readonly PepperUsageCounter _counter = new(
        new PepperSet(TestData.NextPepper, TestData.Pepper), TestData.Start.AddHours(1));

    [Fact]
    public void What_may_be_used_depends_on_its_pepper()
    {
        _key.Rotate(TestData.Start, TimeSpan.FromHours(1));
        _key.Rotate(TestData.Start, TimeSpan.FromHours(2));

        var dependents = Add(_key.State);

        // The deadline of the first secret has passed.
        Assert.Equal(
            [_key.State.Secrets.CurrentSecret.Id, _key.State.Secrets.Replaced[0].Id],
            dependents.Select(dependent => dependent.SecretId));
        Assert.Equal(new PepperUsage { Secrets = 1, RetiringSecrets = 1 }, _counter.Usages[TestData.Pepper.Id]);
        Assert.False(_counter.Usages.ContainsKey(TestData.NextPepper.Id));
    }

    [Fact]
    public void Nothing_of_a_revoked_key_depends_on_its_pepper()
    {
        Assert.Empty(Add(_key.State with { RevokedAt = TestData.Start }));
        Assert.Empty(_counter.Usages);
    }

    [Fact]
    public void A_record_depends_on_its_pepper_until_it_expires_and_one_without_an_id_on_the_first()
    {
        IdempotencyRecord Create(string? pepperId, int hours) => new()
        {
            KeyHash = [1],
            RequestHash = [2],
            SealedSecret = [3],
            SecretId = _key.State.Secrets.CurrentSecret.Id,
            PepperId = pepperId,
            ExpiresAt = TestData.Start.AddHours(hours),
        };
        var records = new IdempotencyRecords
        {
            Records = [Create(TestData.NextPepper.Id, 2), Create(TestData.NextPepper.Id, 1), Create(null, 2)],
        };

        Add(_key.State with { IdempotencyRecords = records });

        Assert.Equal(1, _counter.Usages[TestData.NextPepper.Id].IdempotencyRecords);
        Assert.Equal(1, _counter.Usages[TestData.Pepper.Id].IdempotencyRecords);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"id": "vk_1"}""")]
    public void A_state_that_cannot_be_read_is_counted(string json)
    {
        Assert.Empty(_counter.Add(StorageNames.VirtualKey, Encoding.UTF8.GetBytes(json)));

        Assert.Equal(1, _counter.UnreadableStates);
    }

    private IReadOnlyList<PepperDependent> Add(VirtualKeyState state) =>
        _counter.Add(StorageNames.VirtualKey, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options));
}
