using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Rotation;

public abstract class GracePeriodTests(TestService service)
{
    [Fact]
    public async Task A_grace_of_zero_ends_the_replaced_secret_at_once()
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;

        var answer = await RotateAsync(project, id, """{"grace_period_seconds":0}""");
        answer.Expect(HttpStatusCode.OK);

        var retiring = Assert.Single(answer.Json.GetProperty("virtual_key").GetProperty("retiring_secrets").EnumerateArray());
        Assert.StartsWith(Text(retiring, "display_prefix"), first, StringComparison.Ordinal);
        Assert.Equal("active", await project.Client.VerifyAsync(answer.Secret));
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
        var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = second });
        Assert.False(verdict.Json.GetProperty("valid").GetBoolean());
        Assert.Contains(Text(verdict.Json, "code"), new[] { "expired_secret", "not_found" });
    }

    [Theory]
    [InlineData("{}", 86400), InlineData("""{"grace_period_seconds":3600}""", 3600)]
    [InlineData("""{"grace_period_seconds":2592000}""", 2592000), InlineData("""{"grace_period_seconds":1,"x":1}""", 1)]
    public async Task A_replaced_secret_ends_when_the_rotation_says(string body, int seconds)
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var answer = await RotateAsync(project, id, body);
        answer.Expect(HttpStatusCode.OK);
        var key = answer.Json.GetProperty("virtual_key");
        var retiring = Assert.Single(key.GetProperty("retiring_secrets").EnumerateArray());
        Assert.Equal(Instant(key, "updated_at")!.Value.AddSeconds(seconds), Instant(retiring, "valid_until"));
        if (seconds > 1) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_secret_whose_grace_is_over_is_refused_and_listed_no_more()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var rotated = await RotateAsync(project, id, """{"grace_period_seconds":1}""");
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(secret) != "retiring", TimeSpan.FromSeconds(20));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Secret));
        var key = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Empty(key.GetProperty("retiring_secrets").EnumerateArray());
    }

    [Fact]
    public async Task Each_rotation_has_a_grace_of_its_own()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await RotateAsync(project, id, """{"grace_period_seconds":2592000}""");
        await RotateAsync(project, id, """{"grace_period_seconds":60}""");
        var key = (await RotateAsync(project, id, "{}")).Json.GetProperty("virtual_key");
        var ends = key.GetProperty("retiring_secrets").EnumerateArray().Select(secret => Instant(secret, "valid_until")).ToArray();
        Assert.Equal(3, ends.Distinct().Count());
        Assert.Equal(ends.OrderDescending(), ends);
    }

    [Theory]
    [InlineData("-1"), InlineData("2592001"), InlineData("1.5"), InlineData("\"x\""), InlineData("\"3600\""), InlineData("null")]
    [InlineData("true"), InlineData("[]"), InlineData("{}"), InlineData("99999999999999999999")]
    public async Task A_grace_that_is_none_is_422_naming_it_and_nothing_is_rotated(string grace)
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var (id, secret) = await project.Client.CreateAsync();
        var body = $$"""{"grace_period_seconds":{{grace}}}""";
        ErrorAssert.IsError(await RotateAsync(project, id, body), 422, "validation_failed", naming: "grace_period_seconds");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));

        var before = (await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id))).Json.GetProperty("project");
        var answer = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), body);
        ErrorAssert.IsError(answer, 422, "validation_failed", naming: "grace_period_seconds");
        var after = (await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id))).Json.GetProperty("project");
        Assert.Equal(Text(before, "api_key_id"), Text(after, "api_key_id"));
    }

    private static Task<Answer> RotateAsync(TestProject project, string id, string body) =>
        project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body);
}

[Collection(SqliteService.Storage)]
public sealed class GracePeriodOnSqliteTests(SqliteService service) : GracePeriodTests(service);

[Collection(PostgresService.Storage)]
public sealed class GracePeriodOnPostgresTests(PostgresService service) : GracePeriodTests(service);
