using System.Text;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>The ways in which existing clients present the API key of a project.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class CredentialsTests(SqliteService service)
{
    [Theory]
    [InlineData("Bearer"), InlineData("bearer"), InlineData("BEARER"), InlineData("bEaReR")]
    public async Task The_Bearer_scheme_is_case_insensitive(string scheme)
    {
        using var project = await service.CreateProjectAsync();
        await ApiKeyAssert.IsAcceptedAsync(service, ("Authorization", $"{scheme} {project.ApiKey}"));
    }

    [Theory]
    [InlineData("Basic"), InlineData("basic"), InlineData("BASIC")]
    public async Task The_Basic_scheme_with_the_project_id_is_case_insensitive(string scheme)
    {
        using var project = await service.CreateProjectAsync();
        await ApiKeyAssert.IsAcceptedAsync(service, ("Authorization", GetBasic(project.Id, project.ApiKey, scheme)));
    }

    [Theory]
    [InlineData("X-Auth-Token"), InlineData("x-auth-token")]
    public async Task The_X_Auth_Token_header_is_case_insensitive(string header)
    {
        using var project = await service.CreateProjectAsync();
        await ApiKeyAssert.IsAcceptedAsync(service, (header, project.ApiKey));
    }

    [Theory]
    [InlineData("Basic !!!"), InlineData("Basic"), InlineData("Basic "), InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic Og=="), InlineData("Basic cHJvamVjdDo="), InlineData("Basic OnRva2Vu"), InlineData("Basic a")]
    [InlineData("Bearer"), InlineData("Bearer "), InlineData("Bearer    "), InlineData(""), InlineData("Digest x=y")]
    public async Task A_malformed_or_empty_Authorization_header_falls_back_to_X_Auth_Token(string authorization)
    {
        using var project = await service.CreateProjectAsync();
        await ApiKeyAssert.IsAcceptedAsync(service, ("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
    }

    /// <summary>A proxy may have checked the other one.</summary>
    [Fact]
    public async Task Different_keys_in_Authorization_and_X_Auth_Token_are_refused_whichever_is_valid()
    {
        using var project = await service.CreateProjectAsync();
        (string Authorization, string Token)[] keys =
        [
            ("Bearer wrong", project.ApiKey), ($"Bearer {project.ApiKey}x", project.ApiKey),
            (GetBasic(project.Id, "wrong"), project.ApiKey), ($"Bearer {project.ApiKey}", "wrong"),
            (GetBasic(project.Id, project.ApiKey), "wrong"),
        ];
        foreach (var (authorization, token) in keys)
        {
            using var client = service.CreateAnonymousClient();
            var response = await client.GetWithHeadersAsync(
                Routes.VirtualKeys, ("Authorization", authorization), ("X-Auth-Token", token));

            ErrorAssert.IsError(response, 400, "bad_request");
        }
    }

    [Fact]
    public async Task The_same_key_in_Authorization_and_X_Auth_Token_is_accepted()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var authorization in new[] { $"Bearer {project.ApiKey}", GetBasic(project.Id, project.ApiKey) })
        {
            await ApiKeyAssert.IsAcceptedAsync(
                service, ("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
        }
    }

    [Fact]
    public async Task The_project_id_of_Basic_credentials_does_not_matter()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        foreach (var user in new[] { other.Id, "x", "project_unknown" })
            await ApiKeyAssert.IsAcceptedAsync(service, ("Authorization", GetBasic(user, project.ApiKey)));
    }

    [Fact]
    public async Task Basic_credentials_may_lack_the_padding_of_base64()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var user in new[] { "x", "xx", "xxx" })
        {
            var unpadded = GetBasic(user, project.ApiKey).TrimEnd('=');
            await ApiKeyAssert.IsAcceptedAsync(service, ("Authorization", unpadded));
        }
    }

    [Fact]
    public async Task A_missing_or_invalid_API_key_is_refused_in_every_header()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        string[] tokens =
        [
            "x", "sk-lw-", secret, project.ApiKey[..^1], project.ApiKey + "0", project.ApiKey.ToLowerInvariant(),
            ForgedSecret.WithDifferentOwner(secret), new string('A', 8000), "null", "'; --",
        ];
        foreach (var token in tokens)
        {
            await ApiKeyAssert.IsRefusedAsync(service, ("X-Auth-Token", token));
            await ApiKeyAssert.IsRefusedAsync(service, ("Authorization", $"Bearer {token}"));
        }

        await ApiKeyAssert.IsRefusedAsync(service, []);
    }

    private static string GetBasic(string user, string password, string scheme = "Basic") =>
        $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
}
