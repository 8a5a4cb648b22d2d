using System.Text;
using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Authentication;

/// <summary>How a project API key may be presented, after how existing clients call.</summary>
public abstract class CredentialsTests(TestService service)
{
    [Theory]
    [InlineData("Bearer"), InlineData("bearer"), InlineData("BEARER"), InlineData("bEaReR")]
    public async Task The_Bearer_scheme_is_case_insensitive(string scheme)
    {
        using var project = await service.CreateProjectAsync();
        await AssertAcceptedAsync(("Authorization", $"{scheme} {project.ApiKey}"));
    }

    [Theory]
    [InlineData("Basic"), InlineData("basic"), InlineData("BASIC")]
    public async Task The_Basic_scheme_with_the_project_id_is_case_insensitive(string scheme)
    {
        using var project = await service.CreateProjectAsync();
        await AssertAcceptedAsync(("Authorization", $"{scheme} {Base64($"{project.Id}:{project.ApiKey}")}"));
    }

    [Theory]
    [InlineData("X-Auth-Token"), InlineData("x-auth-token")]
    public async Task The_X_Auth_Token_header_is_case_insensitive(string header)
    {
        using var project = await service.CreateProjectAsync();
        await AssertAcceptedAsync((header, project.ApiKey));
    }

    [Theory]
    [InlineData("Basic !!!"), InlineData("Basic"), InlineData("Basic "), InlineData("Basic bm9jb2xvbg=="), InlineData("Basic Og==")]
    [InlineData("Bearer"), InlineData("Bearer "), InlineData("Bearer    "), InlineData(""), InlineData("Digest x=y")]
    [InlineData("Basic cHJvamVjdDo="), InlineData("Basic OnRva2Vu"), InlineData("Basic a")]
    public async Task A_malformed_or_empty_Authorization_header_falls_back_to_X_Auth_Token(string authorization)
    {
        using var project = await service.CreateProjectAsync();
        await AssertAcceptedAsync(("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
    }

    [Fact]
    public async Task Wrong_credentials_do_not_fall_back_to_a_valid_X_Auth_Token()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        string[] wrong =
        [
            "Bearer wrong", $"Bearer {project.ApiKey}x", $"Basic {Base64($"{project.Id}:wrong")}",
            $"Basic {Base64($"{other.Id}:{project.ApiKey}")}", $"Basic {Base64($"x:{project.ApiKey}")}",
        ];
        foreach (var authorization in wrong)
            await AssertUnauthorizedAsync(("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
    }

    [Fact]
    public async Task The_Authorization_header_takes_precedence_over_X_Auth_Token()
    {
        using var project = await service.CreateProjectAsync();
        await AssertAcceptedAsync(("Authorization", $"Bearer {project.ApiKey}"), ("X-Auth-Token", "wrong"));
        await AssertAcceptedAsync(("Authorization", $"Basic {Base64($"{project.Id}:{project.ApiKey}")}"), ("X-Auth-Token", "wrong"));
    }

    [Fact]
    public async Task Basic_credentials_with_the_id_of_another_project_are_refused()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        await AssertUnauthorizedAsync(("Authorization", $"Basic {Base64($"{other.Id}:{project.ApiKey}")}"));
    }

    [Fact]
    public async Task A_missing_or_invalid_API_key_is_refused()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        string[] tokens =
        [
            "x", "sk-lw-", secret, project.ApiKey[..^1], project.ApiKey + "0", project.ApiKey.ToLowerInvariant(),
            Verification.ForgedSecret.WithDifferentOwner(secret), new string('A', 8000), "null", "'; --",
        ];
        foreach (var token in tokens)
        {
            await AssertUnauthorizedAsync(("X-Auth-Token", token));
            await AssertUnauthorizedAsync(("Authorization", $"Bearer {token}"));
        }

        await AssertUnauthorizedAsync();
    }

    private async Task AssertAcceptedAsync(params (string, string)[] headers)
    {
        using var client = service.CreateAnonymousClient();
        var answer = await client.GetWithHeadersAsync(Routes.VirtualKeys, headers);
        answer.EnsureStatus(HttpStatusCode.OK);
    }

    private async Task AssertUnauthorizedAsync(params (string, string)[] headers)
    {
        using var client = service.CreateAnonymousClient();
        var answer = await client.GetWithHeadersAsync(Routes.VirtualKeys, headers);
        ErrorAssert.IsError(answer, 401, "unauthorized");
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

[Collection(SqliteService.CollectionName)]
public sealed class CredentialsOnSqliteTests(SqliteService service) : CredentialsTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class CredentialsOnPostgresTests(PostgresService service) : CredentialsTests(service);
