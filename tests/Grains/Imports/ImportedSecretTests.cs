using System.Security.Cryptography;
using System.Text;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Imports;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.Imports;

/// <summary>Secrets of other systems, validated in a silo and in an Orleans client.</summary>
public sealed class ImportedSecretTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    private static readonly string[] Schemes = [HashScheme.Sha256, HashScheme.Sha512, "hmac-sha256:other"];

    private HashSchemes HashSchemes => cluster.SiloServices.GetRequiredService<HashSchemes>();

    public static TheoryData<string, bool> SchemesAndValidators()
    {
        var data = new TheoryData<string, bool>();
        foreach (var scheme in Schemes)
        {
            data.Add(scheme, true);
            data.Add(scheme, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SchemesAndValidators))]
    public async Task An_imported_secret_is_valid_and_then_answered_from_memory(string scheme, bool isClient)
    {
        var (secret, id) = await ImportAsync(scheme);
        var validator = GetValidator(isClient);
        var verdict = await validator.ValidateAsync(secret);
        Assert.Equal((VerdictCode.Active, id), (verdict.Code, verdict.Key!.Id));

        Assert.True(validator.TryValidateFromCache(secret, out var cached));
        Assert.Equal((VerdictCode.Active, id), (cached.Code, cached.Key!.Id));
        AllocationAssert.None(() => validator.ValidateAsync(secret));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_secret_is_not_found(bool isClient)
    {
        await ImportAsync(HashScheme.Sha256);
        Assert.Equal(VerdictCode.NotFound, (await GetValidator(isClient).ValidateAsync("sk-unknown-secret")).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_that_no_header_could_contain_is_malformed(bool isClient)
    {
        await ImportAsync(HashScheme.Sha256);
        foreach (var text in new[] { null, "", "short", "with a space", "umläutumläut", new string('x', 513) })
            Assert.Equal(VerdictCode.Malformed, (await GetValidator(isClient).ValidateAsync(text)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_of_512_characters_is_valid(bool isClient)
    {
        var secret = RandomText(512);
        await ImportAsync(HashScheme.Sha256, secret);
        Assert.Equal(VerdictCode.Active, (await GetValidator(isClient).ValidateAsync(secret)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoke_refuses_the_cached_secret_at_once(bool isClient)
    {
        var (secret, id) = await ImportAsync(HashScheme.Sha512);
        Assert.Equal(VerdictCode.Active, (await GetValidator(isClient).ValidateAsync(secret)).Code);
        await cluster.Grains.GetVirtualKeyGrain(id).Revoke(TestData.Caller);
        Assert.Equal(VerdictCode.Revoked, (await GetValidator(isClient).ValidateAsync(secret)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_replaces_the_imported_secret_by_a_native_one(bool isClient)
    {
        var (secret, id) = await ImportAsync(HashScheme.Sha256);
        var next = TestData.MintSecret(id);
        await cluster.Grains.GetVirtualKeyGrain(id).Rotate(
            TestData.NewRotateCommand(TestData.Caller, next, cluster.Now) with { GracePeriod = TimeSpan.FromHours(1) });
        var validator = GetValidator(isClient);
        Assert.Equal(VerdictCode.Retiring, (await validator.ValidateAsync(secret)).Code);
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(next.Reveal())).Code);

        await cluster.Grains.GetVirtualKeyGrain(id).ExpireRetiringSecrets(
            new ExpireRetiringSecretsCommand(TestData.Caller, Secret: null));
        Assert.Equal(VerdictCode.ExpiredSecret, (await validator.ValidateAsync(secret)).Code);
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(next.Reveal())).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_index_cannot_be_read_a_new_secret_is_unavailable_and_a_cached_one_valid(bool isClient)
    {
        var (known, _) = await ImportAsync(HashScheme.Sha256);
        var (secret, _) = await ImportAsync(HashScheme.Sha256);
        var validator = GetValidator(isClient);
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(known)).Code);

        cluster.ImportedKeys.Operations.FailNext(20);
        Assert.Equal(VerdictCode.Unavailable, (await validator.ValidateAsync(secret)).Code);
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(known)).Code);
        cluster.ImportedKeys.Operations.ClearFaults();
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(secret)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_that_is_imported_again_after_its_key_was_erased_is_valid(bool isClient)
    {
        var (secret, id) = await ImportAsync(HashScheme.Sha256);
        var validator = GetValidator(isClient);
        Assert.Equal(id, (await validator.ValidateAsync(secret)).Key!.Id);

        await EraseAsync(id);
        var (_, next) = await ImportAsync(HashScheme.Sha256, secret);
        Assert.Equal(VerdictCode.NotFound, (await validator.ValidateAsync(secret)).Code);
        Assert.Equal(next, (await validator.ValidateAsync(secret)).Key!.Id);
    }

    [Fact]
    public async Task A_use_is_recorded_and_rehashes_the_secret_under_the_current_pepper()
    {
        var (secret, id) = await ImportAsync(HashScheme.Sha512);
        var old = cluster.Ring.Peppers;
        cluster.Ring.Peppers = new(TestData.NextPepper, TestData.Pepper);
        try
        {
            var grain = cluster.Grains.GetVirtualKeyGrain(id).GetGrainId();
            var rehashed = cluster.Storage.Writes(grain);
            var writes = rehashed.Count;
            Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(secret)).Code);
            await Wait.UntilAsync(() =>
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(10));
                return rehashed.Count > writes;
            });
            await rehashed.WaitForCompletedAsync(writes + 1);
            var state = cluster.Storage.FindRow(StorageNames.VirtualKey, grain)!.DeserializeState<VirtualKeyState>();
            Assert.Equal(TestData.NextPepper.Id, state.Secrets.CurrentSecret.PepperId);
            Assert.True(state.Secrets.CurrentSecret.IsImported);
            Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(secret)).Code);
        }
        finally
        {
            cluster.Ring.Peppers = old;
        }
    }

    [Fact]
    public async Task A_scheme_without_its_HMAC_key_cannot_be_added()
    {
        Assert.False(await HashSchemes.AddAsync("hmac-sha256:unknown", default));
        Assert.False(await HashSchemes.AddAsync("md5", default));
    }

    /// <summary>A validator that has read the schemes before the import applies the new one when it returns.</summary>
    [Fact]
    public async Task A_new_scheme_is_added_when_every_validator_applies_it()
    {
        var secret = RandomText(40);
        foreach (var isClient in new[] { true, false }) await GetValidator(isClient).ValidateAsync(secret);
        await ImportAsync("hmac-sha256:late", secret);
        foreach (var isClient in new[] { true, false })
            Assert.Equal(VerdictCode.Active, (await GetValidator(isClient).ValidateAsync(secret)).Code);
    }

    [Fact]
    public async Task A_key_can_be_imported_disabled()
    {
        var (secret, id) = await ImportAsync(HashScheme.Sha256, isDisabled: true);
        Assert.Equal(VerdictCode.Disabled, (await cluster.Validator.ValidateAsync(secret)).Code);
        await cluster.Grains.GetVirtualKeyGrain(id).Enable(TestData.Caller);
        Assert.Equal(VerdictCode.Active, (await cluster.Validator.ValidateAsync(secret)).Code);
    }

    private static string RandomText(int length) =>
        $"sk-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", length - 3)}";

    private static byte[] Hash(string scheme, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return scheme switch
        {
            HashScheme.Sha256 => SHA256.HashData(bytes),
            HashScheme.Sha512 => SHA512.HashData(bytes),
            _ => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientTestCluster.ImportKey), bytes),
        };
    }

    private IVirtualKeyValidator GetValidator(bool isClient) =>
        isClient ? cluster.Validator : cluster.SiloServices.GetRequiredService<IVirtualKeyValidator>();

    private async Task<(string Secret, VirtualKeyId Id)> ImportAsync(
        string scheme, string? secret = null, bool isDisabled = false)
    {
        await cluster.RenewLeasesAsync();
        var adding = HashSchemes.AddAsync(scheme, default);
        await Wait.UntilAsync(() =>
        {
            if (!adding.IsCompleted) cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return adding.IsCompleted;
        });
        Assert.True(await adding);

        secret ??= RandomText(40);
        var id = VirtualKeyId.New(cluster.Now);
        var created = await cluster.Grains.GetVirtualKeyGrain(id).Create(new CreateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            Name = "imported",
            Environment = VirtualKeyEnvironment.Live,
            ProviderCredentialIds = [],
            Secret = new NewSecret(
                SecretId.New(cluster.Now), HashScheme.ToDigest(scheme, Hash(scheme, secret)), "sk-"),
            IsImported = true,
            IsDisabled = isDisabled,
        });
        Assert.Equal(ChangeOutcome.Done, created.Outcome);
        return (secret, id);
    }

    /// <summary>Removes a key as the erasure of its project does.</summary>
    private async Task EraseAsync(VirtualKeyId id)
    {
        var grain = cluster.Grains.GetVirtualKeyGrain(id);
        await grain.Revoke(TestData.Caller);
        cluster.Storage.Remove(StorageNames.VirtualKey, grain.GetGrainId());
        await cluster.RestartAsync(grain.GetGrainId());
        await cluster.Observer.Invalidate(grain.GetGrainId(), long.MaxValue);
    }
}
