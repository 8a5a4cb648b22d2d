using System.Security.Cryptography;
using System.Text;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Imports;

/// <summary>Keys of other systems, which are imported by the hashes of their secrets.</summary>
public abstract class ImportVirtualKeysTests(TestService service)
{
    private const string Route = $"{Routes.VirtualKeys}/import";

    [Theory]
    [InlineData("sha256", "hex")]
    [InlineData("sha256", "base64")]
    [InlineData("sha256", "base64url")]
    [InlineData("sha512", "hex")]
    [InlineData("sha512", "base64")]
    public async Task An_imported_secret_is_valid_in_its_project_as_soon_as_the_response_arrives(
        string algorithm, string encoding)
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var secret = NewSecret();
        var result = await ImportOneAsync(project, NewKey(secret, algorithm, encoding));
        Assert.Equal("imported", Text(result, "status"));

        var verdict = await project.GetVerdictAsync(secret);
        Assert.Equal("active", Text(verdict, "code"));
        Assert.Equal(Text(result, "virtual_key_id"), Text(verdict, "virtual_key_id"));
        Assert.Equal("not_found", Text(await other.GetVerdictAsync(secret), "code"));
        Assert.Equal("not_found", Text(await project.GetVerdictAsync(secret + "x"), "code"));
    }

    [Fact]
    public async Task A_key_has_the_members_of_its_import()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey(NewSecret());
        key["description"] = "of the gateway";
        key["environment"] = "test";
        key["principal_user_id"] = "user_1";
        key["external_id"] = "row-7";
        key["metadata"] = new Dictionary<string, string> { ["team"] = "search" };
        key["permissions"] = new[] { "chat:write" };
        key["allowed_ips"] = new[] { "10.0.0.0/8" };
        key["expires_at"] = "2037-01-01T00:00:00Z";
        key["display_prefix"] = "sk-old-7";
        var id = Text(await ImportOneAsync(project, key), "virtual_key_id");

        var stored = await project.GetKeyAsync(id);
        Assert.Equal("imported key", Text(stored, "name"));
        Assert.Equal("of the gateway", Text(stored, "description"));
        Assert.Equal("test", Text(stored, "environment"));
        Assert.Equal("user_1", Text(stored, "principal_user_id"));
        Assert.Equal("row-7", Text(stored, "external_id"));
        Assert.Equal("search", Text(stored.GetProperty("metadata"), "team"));
        Assert.Equal("chat:write", stored.GetProperty("permissions")[0].GetString());
        Assert.Equal("10.0.0.0/8", stored.GetProperty("allowed_ips")[0].GetString());
        Assert.Equal("2037-01-01T00:00:00.000Z", Text(stored, "expires_at"));
        Assert.Equal("sk-old-7", Text(stored, "display_prefix"));
        Assert.Equal("active", Text(stored, "status"));
    }

    [Fact]
    public async Task A_second_import_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var keys = Enumerable.Range(0, 20).Select(_ => NewKey(NewSecret())).ToArray();
        var first = await ImportAsync(project, keys);
        foreach (var key in keys) key["name"] = "another name";
        var second = await ImportAsync(project, keys);

        Assert.All(first, result => Assert.Equal("imported", Text(result, "status")));
        Assert.All(second, result => Assert.Equal("unchanged", Text(result, "status")));
        Assert.Equal(
            first.Select(result => Text(result, "virtual_key_id")),
            second.Select(result => Text(result, "virtual_key_id")));
        var stored = await project.ListKeysAsync("?limit=100");
        Assert.Equal(20, stored.Length);
        Assert.All(stored, key => Assert.Equal(("imported key", "1"), (Text(key, "name"), Text(key, "revision"))));
    }

    [Fact]
    public async Task A_secret_twice_in_a_request_is_one_key()
    {
        using var project = await service.CreateProjectAsync();
        var secret = NewSecret();
        var results = await ImportAsync(project, NewKey(secret), NewKey(secret, "sha256", "base64"));
        Assert.Equal(["imported", "unchanged"], results.Select(result => Text(result, "status")));
        Assert.Single(await project.ListKeysAsync());
    }

    [Fact]
    public async Task Concurrent_imports_of_the_same_keys_create_each_once()
    {
        using var project = await service.CreateProjectAsync();
        var keys = Enumerable.Range(0, 50).Select(_ => NewKey(NewSecret())).ToArray();
        var imports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ImportAsync(project, keys)));

        Assert.Equal(50, (await project.ListKeysAsync("?limit=200")).Length);
        Assert.Equal(50, imports.Sum(results => results.Count(result => Text(result, "status") == "imported")));
        Assert.DoesNotContain("failed", imports.SelectMany(results => results.Select(key => Text(key, "status"))));
    }

    [Fact]
    public async Task The_secret_of_another_project_is_taken_also_after_its_key_is_revoked()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var secret = NewSecret();
        var id = Text(await ImportOneAsync(project, NewKey(secret)), "virtual_key_id");
        AssertFailed(await ImportOneAsync(other, NewKey(secret)), "secret_taken");

        (await project.Client.SendAsync(HttpMethod.Post, $"{Routes.VirtualKey(id)}/revoke", new { }))
            .EnsureStatus(HttpStatusCode.OK);
        AssertFailed(await ImportOneAsync(other, NewKey(secret)), "secret_taken");
        Assert.Equal("unchanged", Text(await ImportOneAsync(project, NewKey(secret)), "status"));
        Assert.Equal("revoked", Text(await project.GetVerdictAsync(secret), "code"));
    }

    [Fact]
    public async Task An_invalid_key_fails_and_the_others_are_imported()
    {
        using var project = await service.CreateProjectAsync();
        var good = NewSecret();
        Dictionary<string, object?>[] bad =
        [
            With("hash", "abc"), With("hash", new string('g', 64)), With("hash", null), With("algorithm", "md5"),
            With("algorithm", null), With("algorithm", "hmac-sha256"), With("hmac_key", "name"),
            With("encoding", "base64"), With("name", ""), With("expires_at", "2001-01-01T00:00:00Z"),
            With("permissions", new[] { "a b" }), With("unknown", 1), With("disabled", "yes"),
            With("display_prefix", new string('x', 33)), With("external_id", " "),
        ];
        var results = await ImportAsync(project, [.. bad, NewKey(good)]);

        Assert.All(results[..^1], result => AssertFailed(result, "validation_failed"));
        Assert.Equal("imported", Text(results[^1], "status"));
        Assert.Single(await project.ListKeysAsync());
        Assert.Equal("active", Text(await project.GetVerdictAsync(good), "code"));
    }

    [Fact]
    public async Task An_HMAC_key_that_the_service_does_not_have_fails()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey(NewSecret());
        (key["algorithm"], key["hmac_key"]) = ("hmac-sha256", "langwatch");
        AssertFailed(await ImportOneAsync(project, key), "hmac_key_missing");
    }

    [Fact]
    public async Task Keys_beyond_the_limit_of_the_project_fail_and_do_not_stay()
    {
        using var project = await service.CreateProjectAsync();
        await ImportOneAsync(project, NewKey(NewSecret()));
        await service.SetMaxVirtualKeysAsync(project, 3);
        var results = await ImportAsync(project, [.. Enumerable.Range(0, 5).Select(_ => NewKey(NewSecret()))]);
        Assert.Equal(2, results.Count(result => Text(result, "status") == "imported"));
        Assert.All(
            results.Where(result => Text(result, "status") == "failed"),
            result => AssertFailed(result, "too_many_virtual_keys"));
        Assert.Equal(3, (await project.ListKeysAsync()).Length);
    }

    [Fact]
    public async Task A_disabled_key_is_refused_until_it_is_enabled()
    {
        using var project = await service.CreateProjectAsync();
        var secret = NewSecret();
        var key = NewKey(secret);
        key["disabled"] = true;
        var id = Text(await ImportOneAsync(project, key), "virtual_key_id");
        Assert.Equal("disabled", Text(await project.GetVerdictAsync(secret), "code"));
        (await project.Client.SendAsync(HttpMethod.Post, $"{Routes.VirtualKey(id)}/enable", new { }))
            .EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("active", Text(await project.GetVerdictAsync(secret), "code"));
    }

    [Fact]
    public async Task A_rotation_gives_a_native_secret_and_keeps_the_imported_one_until_its_deadline()
    {
        using var project = await service.CreateProjectAsync();
        var secret = NewSecret();
        var id = Text(await ImportOneAsync(project, NewKey(secret)), "virtual_key_id");
        var rotated = await project.RotateAsync(id, 3600);
        rotated.EnsureStatus(HttpStatusCode.OK);
        Assert.StartsWith("vk-lw-live_", rotated.Secret, StringComparison.Ordinal);
        Assert.Equal("retiring", Text(await project.GetVerdictAsync(secret), "code"));
        Assert.Equal("active", Text(await project.GetVerdictAsync(rotated.Secret), "code"));
    }

    [Fact]
    public async Task A_request_has_1_to_500_keys()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey(NewSecret());
        foreach (var keys in new[] { [], Enumerable.Repeat(key, 501).ToArray() })
        {
            var response = await SendAsync(project, keys);
            Assert.Equal((HttpStatusCode)422, response.Status);
        }

        Assert.Equal(500, (await ImportAsync(project, [.. Enumerable.Repeat(key, 500)])).Length);
    }

    [Fact]
    public async Task A_body_may_have_512_KiB()
    {
        using var project = await service.CreateProjectAsync();
        var body = JsonSerializer.Serialize(new { keys = new[] { NewKey(NewSecret()) } });
        foreach (var (length, status) in new[] { (512 * 1024, 200), (512 * 1024 + 1, 413) })
        {
            var response = await project.Client.SendTextAsync(HttpMethod.Post, Route, body.PadRight(length));
            Assert.Equal((HttpStatusCode)status, response.Status);
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void AssertFailed(JsonElement result, string code)
    {
        Assert.Equal("failed", Text(result, "status"));
        Assert.Equal(code, Text(result.GetProperty("error"), "code"));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("virtual_key_id").ValueKind);
    }

    private static string NewSecret() => $"sk-other-{RandomNumberGenerator.GetHexString(40, lowercase: true)}";

    private static Dictionary<string, object?> With(string member, object? value)
    {
        var key = NewKey(NewSecret());
        key[member] = value;
        return key;
    }

    private static Dictionary<string, object?> NewKey(
        string secret, string algorithm = "sha256", string encoding = "hex")
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var hash = algorithm == "sha512" ? SHA512.HashData(bytes) : SHA256.HashData(bytes);
        return new()
        {
            ["hash"] = encoding switch
            {
                "hex" => Convert.ToHexString(hash),
                "base64" => Convert.ToBase64String(hash),
                _ => Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            },
            ["algorithm"] = algorithm,
            ["encoding"] = encoding == "hex" ? "hex" : "base64",
            ["name"] = "imported key",
        };
    }

    private static Task<ApiResponse> SendAsync(TestProject project, Dictionary<string, object?>[] keys) =>
        project.Client.SendAsync(HttpMethod.Post, Route, new { keys });

    private static async Task<JsonElement[]> ImportAsync(TestProject project, params Dictionary<string, object?>[] keys)
    {
        var response = await SendAsync(project, keys);
        response.EnsureStatus(HttpStatusCode.OK);
        JsonElement[] results = [.. response.Json.GetProperty("results").EnumerateArray()];
        Assert.Equal(keys.Length, results.Length);
        return results;
    }

    private static async Task<JsonElement> ImportOneAsync(TestProject project, Dictionary<string, object?> key) =>
        Assert.Single(await ImportAsync(project, key));
}
