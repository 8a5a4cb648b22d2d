using System.Globalization;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Secrets;

/// <summary>Expires retiring secrets and changes their deadlines.</summary>
public abstract class RetiringSecretTests(TestService service)
{
    private static readonly TimeSpan MaxGracePeriod = TimeSpan.FromDays(30);

    [Fact]
    public async Task Expiring_one_retiring_secret_leaves_the_others_valid()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await project.GetKeyAsync(rotated.Id);

        var path = Routes.RetiringSecret(rotated.Id, rotated.OlderId);
        var response = await project.Client.SendAsync(HttpMethod.Delete, path);
        response.EnsureStatus(HttpStatusCode.OK);

        var key = response.VirtualKey;
        AssertVirtualKeyShape(key);
        Assert.Equal("4", Text(key, "revision"));
        Assert.Equal(GetRetiringSecrets(before)[0].ToString(), Assert.Single(GetRetiringSecrets(key)).ToString());
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(rotated.Older));
        Assert.Equal("retiring", await project.Client.VerifyAsync(rotated.Newer));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Current));
        await AssertNotRetiringAsync(project, rotated.Id, rotated.OlderId);
    }

    [Fact]
    public async Task Expiring_all_retiring_secrets_is_idempotent_and_keeps_the_current_secret_valid()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var first = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        first.EnsureStatus(HttpStatusCode.OK);
        Assert.Empty(GetRetiringSecrets(first.VirtualKey));
        foreach (var secret in new[] { rotated.Older, rotated.Newer })
            Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));

        var second = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        second.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Current));
    }

    [Theory]
    [InlineData(29), InlineData(2), InlineData(0.01)]
    public async Task A_deadline_can_be_extended_or_shortened_without_affecting_other_secrets(double days)
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await project.GetKeyAsync(rotated.Id);
        var deadline = Timestamps.FromNow(TimeSpan.FromDays(days));

        var response = await ChangeDeadlineAsync(project, rotated, $"\"{deadline}\"");
        response.EnsureStatus(HttpStatusCode.OK);

        var key = response.VirtualKey;
        Assert.Equal("4", Text(key, "revision"));
        var changed = GetRetiringSecrets(key).Single(secret => Text(secret, "id") == rotated.OlderId);
        Assert.Equal(deadline, Text(changed, "valid_until"));
        Assert.Equal(FindOtherSecret(before), FindOtherSecret(key));
        Assert.Equal(response.Body, (await ChangeDeadlineAsync(project, rotated, $"\"{deadline}\"")).Body);
        var verdict = await project.GetVerdictAsync(rotated.Older);
        Assert.Equal("retiring", Text(verdict, "code"));
        Assert.Equal(deadline, Text(verdict, "valid_until"));

        string FindOtherSecret(JsonElement key) =>
            GetRetiringSecrets(key).Single(secret => Text(secret, "id") != rotated.OlderId).ToString();
    }

    [Fact]
    public async Task A_deadline_with_a_time_zone_offset_is_converted_to_UTC()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var deadline = TimeProvider.System.GetUtcNow().AddDays(3);
        var inIndia = deadline.ToOffset(TimeSpan.FromHours(5.5))
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

        var response = await ChangeDeadlineAsync(project, rotated, $"\"{inIndia}\"");

        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Contains(
            Timestamps.Format(deadline),
            GetRetiringSecrets(response.VirtualKey).Select(secret => Text(secret, "valid_until")));
    }

    [Fact]
    public async Task An_invalid_deadline_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var expiry = Timestamps.FromNow(TimeSpan.FromDays(20));
        await project.UpdateAsync(rotated.Id, $$"""{"expires_at":"{{expiry}}"}""");
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime;
        string[] values =
        [
            QuotedFromNow(TimeSpan.FromSeconds(-1)), QuotedFromNow(TimeSpan.FromDays(-400)),
            QuotedFromNow(MaxGracePeriod + TimeSpan.FromMinutes(1)), QuotedFromNow(TimeSpan.FromDays(400)),
            QuotedFromNow(TimeSpan.FromDays(20) + TimeSpan.FromMinutes(1)),
            $"\"{tomorrow.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}\"",
            $"\"{tomorrow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\"",
            "null", "1", "true", "[]", "{}", "\"\"", "\"tomorrow\"", "86400",
        ];
        foreach (var value in values)
        {
            var refused = await ChangeDeadlineAsync(project, rotated, value);
            ErrorAssert.IsError(refused, 422, "validation_failed", naming: "valid_until");
        }

        var path = Routes.RetiringSecret(rotated.Id, rotated.OlderId);
        var empty = await project.Client.SendTextAsync(HttpMethod.Patch, path, "{}");
        ErrorAssert.IsError(empty, 422, "validation_failed", naming: "valid_until");

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        (await ChangeDeadlineAsync(project, rotated, $"\"{expiry}\"")).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deadline_more_than_30_days_ahead_is_422_naming_it()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var tooFar = QuotedFromNow(MaxGracePeriod + TimeSpan.FromSeconds(30));
        var refused = await ChangeDeadlineAsync(project, rotated, tooFar);
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "valid_until");
        var accepted = await ChangeDeadlineAsync(project, rotated, QuotedFromNow(MaxGracePeriod));
        accepted.EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_secret_that_is_not_retiring_is_404()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var otherKey = await RotateTwiceAsync(project);
        var currentId = Text(await project.GetKeyAsync(rotated.Id), "secret_id");
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        string[] ids =
        [
            UnknownIds.Secret, currentId, otherKey.OlderId, "x", "secret_", rotated.OlderId.ToLowerInvariant(),
            rotated.Older,
        ];
        foreach (var id in ids) await AssertNotRetiringAsync(project, rotated.Id, id);
        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        Assert.Equal("retiring", await project.Client.VerifyAsync(otherKey.Older));
    }

    [Fact]
    public async Task A_key_of_another_project_is_the_same_404_as_an_unknown_key_and_is_unchanged()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        foreach (var id in new[] { rotated.Id, UnknownIds.VirtualKey, "x" })
        {
            var responses = await ChangeInEveryWayAsync(otherProject, rotated with { Id = id });
            Assert.All(responses, response => ErrorAssert.IsError(response, 404, "virtual_key_not_found"));
        }

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
    }

    [Fact]
    public async Task Retiring_secrets_of_a_revoked_key_cannot_be_changed()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        (await project.Client.RevokeAsync(rotated.Id)).EnsureStatus(HttpStatusCode.OK);
        var responses = await ChangeInEveryWayAsync(project, rotated);
        Assert.All(responses, response => ErrorAssert.IsError(response, 400, "virtual_key_revoked"));
    }

    private static async Task AssertNotRetiringAsync(TestProject project, string id, string secretId)
    {
        var path = Routes.RetiringSecret(id, secretId);
        var expired = await project.Client.SendAsync(HttpMethod.Delete, path);
        ErrorAssert.IsError(expired, 404, "retiring_secret_not_found");
        var deadline = $$"""{"valid_until":{{QuotedFromNow(TimeSpan.FromDays(2))}}}""";
        var changed = await project.Client.SendTextAsync(HttpMethod.Patch, path, deadline);
        ErrorAssert.IsError(changed, 404, "retiring_secret_not_found");
    }

    private static async Task<ApiResponse[]> ChangeInEveryWayAsync(TestProject project, RotatedKey key) =>
    [
        await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(key.Id, key.OlderId)),
        await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(key.Id)),
        await ChangeDeadlineAsync(project, key, QuotedFromNow(TimeSpan.FromDays(2))),
    ];

    private static Task<ApiResponse> ChangeDeadlineAsync(TestProject project, RotatedKey key, string validUntil)
    {
        var path = Routes.RetiringSecret(key.Id, key.OlderId);
        return project.Client.SendTextAsync(HttpMethod.Patch, path, $$"""{"valid_until":{{validUntil}}}""");
    }

    private static string QuotedFromNow(TimeSpan time) => $"\"{Timestamps.FromNow(time)}\"";

    private static async Task<RotatedKey> RotateTwiceAsync(TestProject project)
    {
        var (id, older) = await project.Client.CreateAsync();
        var newer = (await project.Client.RotateAsync(id)).Secret;
        var last = await project.Client.RotateAsync(id);
        return new RotatedKey(id, older, newer, last.Secret, Text(GetRetiringSecrets(last.VirtualKey)[1], "id"));
    }

    /// <summary>A key with two retiring secrets, each with a grace period of 24 hours.</summary>
    private sealed record RotatedKey(string Id, string Older, string Newer, string Current, string OlderId);
}
