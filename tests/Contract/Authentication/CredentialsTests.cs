using System.Text;
using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Authentication;

/// <summary>How a project API key may be presented, after how existing clients call.</summary>
public abstract class CredentialsTests(TestService service)
{
    [Theory]
    [InlineData("Bearer"), InlineData("bearer"), InlineData("BEARER"), InlineData("bEaReR")]
    public async Task Bearer_works_in_any_case(string scheme)
    {
        using var project = await service.NewProjectAsync();
        await Accepts(("Authorization", $"{scheme} {project.ApiKey}"));
    }

    [Theory]
    [InlineData("Basic"), InlineData("basic"), InlineData("BASIC")]
    public async Task Basic_with_the_projects_id_works_in_any_case(string scheme)
    {
        using var project = await service.NewProjectAsync();
        await Accepts(("Authorization", $"{scheme} {Base64($"{project.Id}:{project.ApiKey}")}"));
    }

    [Theory]
    [InlineData("X-Auth-Token"), InlineData("x-auth-token")]
    public async Task The_token_header_works(string header)
    {
        using var project = await service.NewProjectAsync();
        await Accepts((header, project.ApiKey));
    }

    [Theory]
    [InlineData("Basic !!!"), InlineData("Basic"), InlineData("Basic "), InlineData("Basic bm9jb2xvbg=="), InlineData("Basic Og==")]
    [InlineData("Bearer"), InlineData("Bearer "), InlineData("Bearer    "), InlineData(""), InlineData("Digest x=y")]
    [InlineData("Basic cHJvamVjdDo="), InlineData("Basic OnRva2Vu"), InlineData("Basic a")]
    public async Task What_is_malformed_or_empty_falls_through_to_the_token_header(string authorization)
    {
        using var project = await service.NewProjectAsync();
        await Accepts(("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
    }

    [Fact]
    public async Task Wrong_credentials_do_not_fall_through_to_a_good_token_header()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        string[] wrong =
        [
            "Bearer wrong", $"Bearer {project.ApiKey}x", $"Basic {Base64($"{project.Id}:wrong")}",
            $"Basic {Base64($"{other.Id}:{project.ApiKey}")}", $"Basic {Base64($"x:{project.ApiKey}")}",
        ];
        foreach (var authorization in wrong)
            await Refuses(("Authorization", authorization), ("X-Auth-Token", project.ApiKey));
    }

    [Fact]
    public async Task Authorization_comes_before_the_token_header()
    {
        using var project = await service.NewProjectAsync();
        await Accepts(("Authorization", $"Bearer {project.ApiKey}"), ("X-Auth-Token", "wrong"));
        await Accepts(("Authorization", $"Basic {Base64($"{project.Id}:{project.ApiKey}")}"), ("X-Auth-Token", "wrong"));
    }

    [Fact]
    public async Task Basic_with_the_id_of_another_project_is_refused()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        await Refuses(("Authorization", $"Basic {Base64($"{other.Id}:{project.ApiKey}")}"));
    }

    [Fact]
    public async Task What_is_no_API_key_is_refused()
    {
        using var project = await service.NewProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        string[] tokens =
        [
            "x", "sk-lw-", secret, project.ApiKey[..^1], project.ApiKey + "0", project.ApiKey.ToLowerInvariant(),
            Verification.SecretText.WithOtherOwner(secret), new string('A', 8000), "null", "'; --",
        ];
        foreach (var token in tokens)
        {
            await Refuses(("X-Auth-Token", token));
            await Refuses(("Authorization", $"Bearer {token}"));
        }

        await Refuses();
    }

    private async Task Accepts(params (string, string)[] headers)
    {
        using var client = service.CreateStranger();
        var answer = await client.GetWithAsync(Routes.VirtualKeys, headers);
        answer.Expect(HttpStatusCode.OK);
    }

    private async Task Refuses(params (string, string)[] headers)
    {
        using var client = service.CreateStranger();
        var answer = await client.GetWithAsync(Routes.VirtualKeys, headers);
        ErrorAssert.IsError(answer, 401, "unauthorized");
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

[Collection(SqliteService.Storage)]
public sealed class CredentialsOnSqliteTests(SqliteService service) : CredentialsTests(service);

[Collection(PostgresService.Storage)]
public sealed class CredentialsOnPostgresTests(PostgresService service) : CredentialsTests(service);
