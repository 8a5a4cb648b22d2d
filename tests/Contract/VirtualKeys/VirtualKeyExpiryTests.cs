using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class VirtualKeyExpiryTests(TestService service)
{
    [Fact]
    public async Task An_expiry_can_be_set_changed_and_cleared_with_null()
    {
        using var project = await service.CreateProjectAsync();
        var expiry = Timestamps.FromNow(TimeSpan.FromDays(400));
        var created = await CreateAsync(project, expiry);
        AssertVirtualKeyShape(created);
        Assert.Equal(expiry, Text(created, "expires_at"));

        var id = Text(created, "id");
        var renamed = await project.UpdateAsync(id, """{"name":"m"}""");
        Assert.Equal(expiry, Text(renamed, "expires_at"));
        var later = Timestamps.FromNow(TimeSpan.FromDays(500));
        var changed = await project.UpdateAsync(id, $$"""{"expires_at":"{{later}}"}""");
        Assert.Equal(later, Text(changed, "expires_at"));
        var cleared = await project.UpdateAsync(id, """{"expires_at":null}""");
        Assert.Null(TextOrNull(cleared, "expires_at"));
        Assert.Equal("4", Text(cleared, "revision"));
        var clearedAgain = await project.UpdateAsync(id, """{"expires_at":null}""");
        Assert.Equal(cleared.ToString(), clearedAgain.ToString());
    }

    [Theory]
    [InlineData("\"2100-01-01T00:00:00Z\"", "2100-01-01T00:00:00.000Z")]
    [InlineData("\"2100-01-01T05:30:00.1239+05:30\"", "2100-01-01T00:00:00.123Z")]
    [InlineData("\"2100-01-01\"", "2100-01-01T00:00:00.000Z"), InlineData("\"2096-02-29\"", "2096-02-29T00:00:00.000Z")]
    [InlineData("4102444800000", "2100-01-01T00:00:00.000Z"), InlineData("4102444800001", "2100-01-01T00:00:00.001Z")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.999Z")]
    public async Task An_expiry_may_be_a_time_a_date_or_milliseconds_since_1970(string value, string expected)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, created) = await project.CreateAsync($"\"expires_at\":{value}");
        Assert.Equal(expected, Text(created, "expires_at"));
        Assert.Equal(expected, Text(await project.GetKeyAsync(id), "expires_at"));

        var (other, _) = await project.Client.CreateAsync();
        var updated = await project.UpdateAsync(other, $$"""{"expires_at":{{value}}}""");
        Assert.Equal(expected, Text(updated, "expires_at"));
    }

    [Fact]
    public async Task A_retiring_secret_never_outlives_its_key()
    {
        using var project = await service.CreateProjectAsync();
        var expiry = Timestamps.FromNow(TimeSpan.FromHours(2));
        var id = Text(await CreateAsync(project, expiry), "id");
        var rotated = await project.RotateAsync(id, gracePeriodSeconds: 2592000);
        rotated.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(expiry, GetDeadline(rotated.VirtualKey));

        var earlier = Timestamps.FromNow(TimeSpan.FromHours(1));
        Assert.Equal(earlier, GetDeadline(await project.UpdateAsync(id, $$"""{"expires_at":"{{earlier}}"}""")));
        Assert.Equal(earlier, GetDeadline(await project.UpdateAsync(id, """{"expires_at":null}""")));
    }

    [Fact]
    public async Task A_grace_period_shorter_than_the_remaining_lifetime_of_the_key_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var created = await CreateAsync(project, Timestamps.FromNow(TimeSpan.FromHours(2)));
        var key = (await project.RotateAsync(Text(created, "id"), gracePeriodSeconds: 60)).VirtualKey;
        Assert.Equal(Timestamps.Format(Timestamp(key, "updated_at")!.Value.AddSeconds(60)), GetDeadline(key));
    }

    [Fact]
    public async Task An_invalid_expiry_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.ListAsync()).Body;
        string[] values =
        [
            $"\"{Timestamps.FromNow(TimeSpan.FromSeconds(-1))}\"", "\"1970-01-01T00:00:00Z\"", "\"2020-01-01\"", "1",
            "\"2100-01-01T00:00:00\"", "\"2100-1-1\"", "\"2100-02-29\"", "\"2100-01-01 \"", "\"\"", "\"soon\"",
            "-1", "4102444800000.0", "4102444800000.5", "4.1e12", "\"4102444800000\"", "253402300800000",
            "99999999999999999999", "true", "[]", "{}",
        ];
        foreach (var value in values)
        {
            var create = $$"""{"name":"n","expires_at":{{value}}}""";
            var created = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, create);
            ErrorAssert.IsError(created, 422, "validation_failed", naming: "expires_at");
            var patch = $$"""{"expires_at":{{value}}}""";
            var patched = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);
            ErrorAssert.IsError(patched, 422, "validation_failed", naming: "expires_at");
        }

        Assert.Equal(before, (await project.Client.ListAsync()).Body);
    }

    private static string GetDeadline(JsonElement key) => Text(Assert.Single(GetRetiringSecrets(key)), "valid_until");

    private static async Task<JsonElement> CreateAsync(TestProject project, string expiresAt)
    {
        var key = new { name = "n", expires_at = expiresAt };
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, key);
        response.EnsureStatus(HttpStatusCode.Created);
        return response.VirtualKey;
    }
}
