using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeysCluster.Cli.Errors;

namespace KeysCluster.Cli.Tests.Import;

/// <summary>What the recipes send for a dump of each system.</summary>
public sealed class RecipeTests
{
    public static TheoryData<string> Dumps => [.. Dump.All.Keys];

    [Theory]
    [MemberData(nameof(Dumps))]
    public async Task A_dump_is_sent_with_the_hashes_of_the_secrets_of_its_keys(string name)
    {
        var dump = Dump.All[name];
        using var stub = new ImportStub();

        await ImportAsync(stub, dump);

        Assert.Equal(dump.Secrets.Length, stub.Keys.Count);
        Assert.All(stub.Keys.Zip(dump.Secrets), pair => Assert.Equal(
            Convert.ToHexString(Hash(pair.First.Algorithm, pair.Second)), ToHex(pair.First)));
        Assert.Equal(
            dump.Secrets.Select(dump.Disabled.Contains), stub.Keys.Select(key => key.Disabled));
    }

    [Fact]
    public async Task LangWatch_keys_keep_their_members_and_revoked_ones_are_skipped()
    {
        using var stub = new ImportStub();

        var summary = await ImportAsync(stub, Dump.All["langwatch"]);

        Assert.Equal((3, 1), (GetCount(summary, "imported"), GetCount(summary, "skipped_revoked")));
        var key = stub.Keys[0];
        Assert.Equal("langwatch", key.HmacKey);
        Assert.Equal(("checkout", "Der Laden, Berlin"), (key.Name, key.Description));
        Assert.Equal(("shop-17", "user_7Qm2"), (key.ExternalId, key.PrincipalUserId));
        Assert.Equal("vk-lw-01HZX9K3M7Q2", key.DisplayPrefix);
        Assert.Equal(("payments", "vk_4Yc1kRr0a1"), (key.Metadata!["team"], key.Metadata["langwatch_id"]));
        Assert.Equal("vk_4Yc1kRr0a2", stub.Keys[1].ExternalId);
    }

    [Fact]
    public async Task Unkey_keys_keep_their_members_and_deleted_and_expired_ones_are_skipped()
    {
        using var stub = new ImportStub();

        var summary = await ImportAsync(stub, Dump.All["unkey"]);

        Assert.Equal((1, 1), (GetCount(summary, "skipped_revoked"), GetCount(summary, "skipped_expired")));
        var (key, other) = (stub.Keys[0], stub.Keys[1]);
        Assert.Equal(("Checkout", "customer-17", "shop_3ZfK"), (key.Name, key.PrincipalUserId, key.DisplayPrefix));
        Assert.Equal(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), key.ExpiresAt);
        Assert.Equal(["documents.read", "documents.write"], key.Permissions!);
        Assert.Equal(["10.1.2.3", "10.1.2.4"], key.AllowedIps!);
        Assert.Equal(("pro", "5"), (key.Metadata!["plan"], key.Metadata["seats"]));
        Assert.Equal("production", key.Metadata["environment"]);
        Assert.Equal(("shop_8HdJ", "customer-18"), (other.Name, other.PrincipalUserId));
        Assert.Equal("key_2cGKbMxRyIzhCxo1Idjz8r", other.ExternalId);
    }

    [Fact]
    public async Task LiteLLM_keys_keep_their_members()
    {
        using var stub = new ImportStub();

        var summary = await ImportAsync(stub, Dump.All["litellm"]);

        Assert.Equal(1, GetCount(summary, "skipped_expired"));
        var (key, other) = (stub.Keys[0], stub.Keys[1]);
        Assert.Equal(("checkout", "user-1"), (key.Name, key.PrincipalUserId));
        Assert.Equal(new DateTimeOffset(2099, 6, 1, 12, 0, 0, TimeSpan.Zero), key.ExpiresAt);
        Assert.Equal("gpt-4o,claude-sonnet", key.Metadata!["models"]);
        Assert.Equal(("shop-team", "4711"), (key.Metadata["team_id"], key.Metadata["cost_center"]));
        Assert.Equal(("sk-...5nC7", null), (other.Name, other.Metadata));
    }

    [Fact]
    public async Task Keys_of_better_auth_keep_their_members()
    {
        using var stub = new ImportStub();

        await ImportAsync(stub, Dump.All["better-auth"]);

        var (key, other) = (stub.Keys[0], stub.Keys[1]);
        Assert.Equal(("Checkout", "user-1", "acme_x"), (key.Name, key.PrincipalUserId, key.DisplayPrefix));
        Assert.Equal(["files:read", "files:write"], key.Permissions!);
        Assert.Equal("pro", key.Metadata!["plan"]);
        Assert.Equal(new DateTimeOffset(2099, 3, 1, 0, 0, 0, TimeSpan.Zero), key.ExpiresAt);
        Assert.Equal(("DfGhJk", "VQ3Yx2"), (other.Name, other.ExternalId));
    }

    [Fact]
    public async Task A_table_of_hashes_needs_a_mapping_only()
    {
        using var stub = new ImportStub();

        await ImportAsync(stub, Dump.All["hashes"]);

        Assert.Equal(["Checkout", "Back office"], stub.Keys.Select(key => key.Name));
        Assert.Equal(["For the shop,\nin two lines", null], stub.Keys.Select(key => key.Description));
        Assert.All(stub.Keys, key => Assert.Equal(2099, key.ExpiresAt!.Value.Year));
        Assert.Equal("back \"office\"", stub.Keys[1].Metadata!["team"]);
    }

    [Theory]
    [InlineData("langwatch", "status")]
    [InlineData("unkey", "deleted_at_m")]
    [InlineData("unkey", "enabled")]
    [InlineData("litellm", "blocked")]
    [InlineData("litellm", "expires")]
    [InlineData("better-auth", "enabled")]
    public async Task A_dump_without_the_state_of_its_keys_is_not_imported(string recipe, string column)
    {
        using var stub = new ImportStub();
        using var cli = stub.CreateCommandLine();
        var file = cli.GetPath("dump" + Path.GetExtension(Dump.All[recipe].Arguments[0]));
        var text = await File.ReadAllTextAsync(Dump.All[recipe].Arguments[0]);
        await File.WriteAllTextAsync(file, text.Replace(column, "renamed", StringComparison.Ordinal));

        var result = (await cli.RunAsync("import", file, "--recipe", recipe, "--yes")).Expect(ExitCodes.Usage);

        Assert.Contains($"The file has no column {column}", result.Error, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    private static async Task<JsonElement> ImportAsync(ImportStub stub, Dump dump)
    {
        using var cli = stub.CreateCommandLine();
        return (await cli.RunAsync(["import", .. dump.Arguments, "--yes", "--json"])).Expect(ExitCodes.Success).Json;
    }

    private static int GetCount(JsonElement summary, string member) => summary.GetProperty(member).GetInt32();

    private static byte[] Hash(ImportedHashAlgorithm algorithm, string secret) => algorithm switch
    {
        ImportedHashAlgorithm.Sha512 => SHA512.HashData(Encoding.UTF8.GetBytes(secret)),
        ImportedHashAlgorithm.HmacSha256 => HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(Dump.LangWatchPepper), Encoding.UTF8.GetBytes(secret)),
        _ => SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
    };

    private static string ToHex(ImportVirtualKey key) => key.Encoding == HashEncoding.Hex
        ? key.Hash.ToUpperInvariant()
        : Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(
            key.Hash.Replace('+', '-').Replace('/', '_')));
}
