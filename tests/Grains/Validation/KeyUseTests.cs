using System.Net;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Validations that require permissions or come from an address, in a silo and by grain calls.</summary>
[Collection(ClusterTests.Name)]
public sealed class KeyUseTests(KeysTestCluster cluster)
{
    private static readonly string[] Write = ["chat:write"];
    private static readonly IPAddress Address = IPAddress.Parse("10.1.2.3");

    [Fact]
    public async Task A_removed_permission_is_refused_when_the_change_is_acknowledged()
    {
        var key = await CreateAsync("chat:*");
        Assert.Equal(VerdictCode.Active, (await ValidateAsync(key)).Code);

        await UpdateAsync(key, "chat:read");

        Assert.Equal(VerdictCode.InsufficientPermissions, (await ValidateAsync(key)).Code);
        Assert.Equal(VerdictCode.InsufficientPermissions, (await ValidateByGrainAsync(key)).Code);
    }

    [Fact]
    public async Task An_added_permission_is_accepted_when_the_change_is_acknowledged()
    {
        var key = await CreateAsync("chat:read");
        Assert.Equal(VerdictCode.InsufficientPermissions, (await ValidateAsync(key)).Code);

        await UpdateAsync(key, "chat:write");

        Assert.Equal(VerdictCode.Active, (await ValidateAsync(key)).Code);
        Assert.Equal(VerdictCode.Active, (await ValidateByGrainAsync(key)).Code);
    }

    [Fact]
    public async Task A_missing_permission_is_confirmed_by_a_read_of_storage()
    {
        var key = await CreateAsync("chat:read");
        await ValidateAsync(key);
        var reads = key.Reads.Count;

        // A permission may have been added that this cache does not know yet.
        Assert.Equal(VerdictCode.InsufficientPermissions, (await ValidateAsync(key)).Code);

        Assert.Equal(reads + 1, key.Reads.Count);
    }

    /// <summary>
    /// An added permission does not wait for any cache, so the answer of a silo to a client reads it.
    /// </summary>
    [Fact]
    public async Task A_permission_that_another_silo_has_added_is_accepted_for_a_client()
    {
        var key = await CreateAsync("chat:read");
        var silo = cluster.Grains.GetValidationGrain();
        var digest = key.First.ComputeDigest();
        Assert.False((await ValidateByClientAsync()).IsValid);

        cluster.Storage.Overwrite<VirtualKeyState>(
            StorageNames.VirtualKey,
            key.GrainId,
            state => state with { Permissions = ["chat:write"], Revision = state.Revision + 1 });

        Assert.True((await ValidateByClientAsync()).IsValid);

        async Task<Verdict> ValidateByClientAsync() =>
            (await silo.Validate(key.Id, digest, null, Write, address: null)).Verdict.Require(Write, address: null);
    }

    [Fact]
    public async Task Permissions_and_addresses_are_checked_from_the_cache_without_an_allocation()
    {
        var key = await CreateAsync("models:* chat:write");
        await key.Grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            AllowedIps = AllowedIpRange.ParseAll(["10.2.0.0/16", "10.1.0.0/16"]),
        });
        var text = key.First.Reveal();
        var validator = cluster.SiloValidator;
        Assert.Equal(
            VerdictCode.Active, (await validator.ValidateAsync(text, permissions: Write, address: Address)).Code);

        AllocationAssert.None(() => validator.ValidateAsync(text, permissions: Write, address: Address));
    }

    [Fact]
    public async Task A_grain_call_without_an_address_is_refused_by_a_key_with_allowed_addresses()
    {
        var key = await CreateAsync("chat:write");
        await key.Grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            AllowedIps = AllowedIpRange.ParseAll(["10.1.0.0/16"]),
        });
        var digest = key.First.ComputeDigest();

        Assert.Equal(VerdictCode.IpNotAllowed, (await key.Grain.Validate(digest, project: null)).Code);
        Assert.Equal(VerdictCode.Active, (await key.Grain.Validate(digest, null, Write, Address)).Code);
    }

    [Fact]
    public async Task A_refused_use_does_not_count_as_a_use_of_the_key()
    {
        var key = await CreateAsync("chat:read");

        await ValidateByGrainAsync(key);
        Assert.Null((await key.Grain.Get(TestData.Caller))!.LastUsedAt);
    }

    private async Task<GrainTestKey> CreateAsync(string permissions)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await UpdateAsync(key, permissions);
        return key;
    }

    private static async Task UpdateAsync(GrainTestKey key, string permissions)
    {
        var result = await key.Grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            Permissions = permissions.Split(' '),
        });
        Assert.Equal(ChangeOutcome.Done, result.Outcome);
    }

    private async Task<Verdict> ValidateAsync(GrainTestKey key) =>
        await cluster.SiloValidator.ValidateAsync(key.First.Reveal(), permissions: Write);

    private static async Task<Verdict> ValidateByGrainAsync(GrainTestKey key) =>
        await key.Grain.Validate(key.First.ComputeDigest(), project: null, Write, address: null);
}
