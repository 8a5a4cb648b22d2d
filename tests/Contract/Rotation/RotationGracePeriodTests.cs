using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Rotation;

public abstract class RotationGracePeriodTests(TestService service)
{
    [Fact]
    public async Task With_grace_period_seconds_0_the_replaced_secret_is_neither_listed_nor_valid()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;

        var response = await project.RotateAsync(id, gracePeriodSeconds: 0);
        response.EnsureStatus(HttpStatusCode.OK);

        var retiring = Assert.Single(GetRetiringSecrets(response.VirtualKey));
        Assert.StartsWith(Text(retiring, "display_prefix"), first, StringComparison.Ordinal);
        Assert.Equal("active", await project.Client.VerifyAsync(response.Secret));
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
        var verdict = await project.GetVerdictAsync(second);
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        Assert.Contains(Text(verdict, "code"), new[] { "expired_secret", "not_found" });
    }

    [Theory]
    [InlineData("{}", 86400), InlineData("""{"grace_period_seconds":3600}""", 3600)]
    [InlineData("""{"grace_period_seconds":2592000}""", 2592000), InlineData("""{"grace_period_seconds":1}""", 1)]
    public async Task A_replaced_secret_is_valid_for_the_requested_grace_period(string body, int seconds)
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body);
        response.EnsureStatus(HttpStatusCode.OK);
        var key = response.VirtualKey;
        var retiring = Assert.Single(GetRetiringSecrets(key));
        Assert.Equal(Timestamp(key, "updated_at")!.Value.AddSeconds(seconds), Timestamp(retiring, "valid_until"));
        if (seconds > 1) Assert.Equal("retiring", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task Each_rotation_sets_its_own_grace_period()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await project.RotateAsync(id, gracePeriodSeconds: 2592000);
        await project.RotateAsync(id, gracePeriodSeconds: 60);
        var key = (await project.Client.RotateAsync(id)).VirtualKey;
        var deadlines = GetRetiringSecrets(key).Select(secret => Timestamp(secret, "valid_until")).ToArray();
        Assert.Equal(3, deadlines.Distinct().Count());
        Assert.Equal(deadlines.OrderDescending(), deadlines);
    }

    [Theory]
    [InlineData("-1"), InlineData("2592001"), InlineData("1.5"), InlineData("\"x\""), InlineData("\"3600\"")]
    [InlineData("null"), InlineData("true"), InlineData("[]"), InlineData("{}"), InlineData("99999999999999999999")]
    public async Task An_invalid_grace_period_is_422_naming_it_and_nothing_is_rotated(string gracePeriod)
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, secret) = await project.Client.CreateAsync();
        var body = $$"""{"grace_period_seconds":{{gracePeriod}}}""";
        var refused = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), body);
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "grace_period_seconds");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));

        var before = (await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id))).Project;
        refused = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), body);
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "grace_period_seconds");
        var after = (await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id))).Project;
        Assert.Equal(Text(before, "api_key_id"), Text(after, "api_key_id"));
    }
}
