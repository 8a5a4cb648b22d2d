using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Rotation;

public abstract class RotationGracePeriodTests(TestService service)
{
    [Fact]
    public async Task A_zero_grace_period_expires_the_replaced_secret_immediately()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;

        var answer = await RotateAsync(project, id, """{"grace_period_seconds":0}""");
        answer.EnsureStatus(HttpStatusCode.OK);

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
    public async Task A_replaced_secret_is_valid_for_the_requested_grace_period(string body, int seconds)
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var answer = await RotateAsync(project, id, body);
        answer.EnsureStatus(HttpStatusCode.OK);
        var key = answer.Json.GetProperty("virtual_key");
        var retiring = Assert.Single(key.GetProperty("retiring_secrets").EnumerateArray());
        Assert.Equal(Timestamp(key, "updated_at")!.Value.AddSeconds(seconds), Timestamp(retiring, "valid_until"));
        if (seconds > 1) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_secret_past_its_grace_period_is_refused_and_no_longer_listed()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var rotated = await RotateAsync(project, id, """{"grace_period_seconds":1}""");
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(secret) != "retiring", TimeSpan.FromSeconds(20));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Secret));
        var key = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Empty(key.GetProperty("retiring_secrets").EnumerateArray());
    }

    [Fact]
    public async Task Each_rotation_sets_its_own_grace_period()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await RotateAsync(project, id, """{"grace_period_seconds":2592000}""");
        await RotateAsync(project, id, """{"grace_period_seconds":60}""");
        var key = (await RotateAsync(project, id, "{}")).Json.GetProperty("virtual_key");
        var ends = key.GetProperty("retiring_secrets").EnumerateArray().Select(secret => Timestamp(secret, "valid_until")).ToArray();
        Assert.Equal(3, ends.Distinct().Count());
        Assert.Equal(ends.OrderDescending(), ends);
    }

    [Theory]
    [InlineData("-1"), InlineData("2592001"), InlineData("1.5"), InlineData("\"x\""), InlineData("\"3600\""), InlineData("null")]
    [InlineData("true"), InlineData("[]"), InlineData("{}"), InlineData("99999999999999999999")]
    public async Task An_invalid_grace_period_is_422_naming_it_and_nothing_is_rotated(string grace)
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
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

    private static Task<ApiResponse> RotateAsync(TestProject project, string id, string body) =>
        project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body);
}

[Collection(SqliteService.CollectionName)]
public sealed class RotationGracePeriodOnSqliteTests(SqliteService service) : RotationGracePeriodTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class RotationGracePeriodOnPostgresTests(PostgresService service) : RotationGracePeriodTests(service);
