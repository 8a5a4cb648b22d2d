using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Rotation;

/// <summary>Cutting retiring secrets and moving their deadlines.</summary>
public abstract class RetiringSecretTests(TestService service)
{
    private const string UnknownSecretId = "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Expiring_one_retiring_secret_leaves_the_others_valid()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await GetKeyAsync(project, rotated.Id);

        var answer = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(rotated.Id, rotated.OlderId));
        answer.EnsureStatus(HttpStatusCode.OK);

        var key = answer.Json.GetProperty("virtual_key");
        AssertVirtualKeyShape(key);
        Assert.Equal("4", Text(key, "revision"));
        Assert.Equal(before.GetProperty("retiring_secrets")[0].ToString(), Assert.Single(GetRetiringSecrets(key)).ToString());
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
        var answer = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        answer.EnsureStatus(HttpStatusCode.OK);
        Assert.Empty(GetRetiringSecrets(answer.Json.GetProperty("virtual_key")));
        foreach (var secret in new[] { rotated.Older, rotated.Newer })
            Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));

        var again = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        again.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(answer.Body, again.Body);
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Current));
    }

    [Theory]
    [InlineData(29), InlineData(2), InlineData(0.01)]
    public async Task A_deadline_can_be_extended_or_shortened_without_affecting_other_secrets(double days)
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await GetKeyAsync(project, rotated.Id);
        var deadline = Timestamps.FromNow(TimeSpan.FromDays(days));

        var answer = await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, $"\"{deadline}\"");
        answer.EnsureStatus(HttpStatusCode.OK);

        var key = answer.Json.GetProperty("virtual_key");
        Assert.Equal("4", Text(key, "revision"));
        Assert.Equal(deadline, Text(GetRetiringSecrets(key).Single(secret => Text(secret, "id") == rotated.OlderId), "valid_until"));
        Assert.Equal(Other(before), Other(key));
        Assert.Equal(answer.Body, (await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, $"\"{deadline}\"")).Body);
        var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = rotated.Older });
        Assert.Equal("retiring", Text(verdict.Json, "code"));
        Assert.Equal(deadline, Text(verdict.Json, "valid_until"));

        string Other(JsonElement of) => GetRetiringSecrets(of).Single(secret => Text(secret, "id") != rotated.OlderId).ToString();
    }

    [Fact]
    public async Task A_deadline_with_a_time_zone_offset_is_converted_to_UTC()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var deadline = TimeProvider.System.GetUtcNow().AddDays(3);
        var there = deadline.ToOffset(TimeSpan.FromHours(5.5)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, $"\"{there}\"");
        answer.EnsureStatus(HttpStatusCode.OK);
        Assert.Contains(GetRetiringSecrets(answer.Json.GetProperty("virtual_key")), secret => Text(secret, "valid_until") == Timestamps.Format(deadline));
    }

    [Fact]
    public async Task A_shortened_secret_expires_at_its_deadline_and_cannot_be_extended_afterwards()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var soon = Timestamps.FromNow(TimeSpan.FromSeconds(1.5));
        (await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, $"\"{soon}\"")).EnsureStatus(HttpStatusCode.OK);
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(rotated.Older) != "retiring", TimeSpan.FromSeconds(20));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(rotated.Older));
        await AssertNotRetiringAsync(project, rotated.Id, rotated.OlderId);
        Assert.Equal("retiring", await project.Client.VerifyAsync(rotated.Newer));
    }

    [Fact]
    public async Task An_invalid_deadline_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var expiry = Timestamps.FromNow(TimeSpan.FromDays(20));
        var patched = await project.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(rotated.Id), new { expires_at = expiry });
        patched.EnsureStatus(HttpStatusCode.OK);
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime;
        string[] values =
        [
            QuotedFromNow(TimeSpan.FromSeconds(-1)), QuotedFromNow(TimeSpan.FromDays(-400)), QuotedFromNow(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1)),
            QuotedFromNow(TimeSpan.FromDays(20) + TimeSpan.FromMinutes(1)), QuotedFromNow(TimeSpan.FromDays(400)),
            $"\"{tomorrow.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)}\"",
            $"\"{tomorrow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}\"",
            "null", "1", "true", "[]", "{}", "\"\"", "\"tomorrow\"", "86400",
        ];
        foreach (var value in values)
            ErrorAssert.IsError(await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, value), 422, "validation_failed", naming: "valid_until");
        var empty = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.RetiringSecret(rotated.Id, rotated.OlderId), "{}");
        ErrorAssert.IsError(empty, 422, "validation_failed", naming: "valid_until");

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        (await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, $"\"{expiry}\"")).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deadline_may_be_at_most_30_days_ahead()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var tooFar = await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, QuotedFromNow(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(30)));
        ErrorAssert.IsError(tooFar, 422, "validation_failed", naming: "valid_until");
        (await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, QuotedFromNow(TimeSpan.FromDays(30)))).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_secret_that_is_not_retiring_is_404()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var anothers = await RotateTwiceAsync(project);
        var current = Text(await GetKeyAsync(project, rotated.Id), "secret_id");
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        foreach (var secretId in new[] { UnknownSecretId, current, anothers.OlderId, "x", "secret_", rotated.OlderId.ToLowerInvariant(), rotated.Older })
            await AssertNotRetiringAsync(project, rotated.Id, secretId);
        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        Assert.Equal("retiring", await project.Client.VerifyAsync(anothers.Older));
    }

    [Fact]
    public async Task A_key_of_another_project_is_the_same_404_as_an_unknown_key_and_is_unchanged()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        foreach (var id in new[] { rotated.Id, "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" })
        {
            ApiResponse[] answers =
            [
                await other.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(id, rotated.OlderId)),
                await other.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id)),
                await ChangeDeadlineAsync(other, id, rotated.OlderId, QuotedFromNow(TimeSpan.FromDays(2))),
            ];
            Assert.All(answers, answer => ErrorAssert.IsError(answer, 404, "virtual_key_not_found"));
        }

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
    }

    [Fact]
    public async Task Retiring_secrets_of_a_revoked_key_cannot_be_changed()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        (await project.Client.RevokeAsync(rotated.Id)).EnsureStatus(HttpStatusCode.OK);
        ApiResponse[] answers =
        [
            await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(rotated.Id, rotated.OlderId)),
            await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id)),
            await ChangeDeadlineAsync(project, rotated.Id, rotated.OlderId, QuotedFromNow(TimeSpan.FromDays(2))),
        ];
        Assert.All(answers, answer => ErrorAssert.IsError(answer, 400, "virtual_key_revoked"));
    }

    private static async Task AssertNotRetiringAsync(TestProject project, string id, string secretId)
    {
        var cut = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(id, secretId));
        ErrorAssert.IsError(cut, 404, "retiring_secret_not_found");
        var moved = await ChangeDeadlineAsync(project, id, secretId, QuotedFromNow(TimeSpan.FromDays(2)));
        ErrorAssert.IsError(moved, 404, "retiring_secret_not_found");
    }

    private static Task<ApiResponse> ChangeDeadlineAsync(TestProject project, string id, string secretId, string validUntil) =>
        project.Client.SendTextAsync(HttpMethod.Patch, Routes.RetiringSecret(id, secretId), $$"""{"valid_until":{{validUntil}}}""");

    private static string QuotedFromNow(TimeSpan fromNow) => $"\"{Timestamps.FromNow(fromNow)}\"";

    private static async Task<JsonElement> GetKeyAsync(TestProject project, string id) =>
        (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");

    private static JsonElement.ArrayEnumerator GetRetiringSecrets(JsonElement key) => key.GetProperty("retiring_secrets").EnumerateArray();

    private static async Task<RotatedKey> RotateTwiceAsync(TestProject project)
    {
        var (id, older) = await project.Client.CreateAsync();
        var newer = (await project.Client.RotateAsync(id)).Secret;
        var last = await project.Client.RotateAsync(id);
        var retiring = GetRetiringSecrets(last.Json.GetProperty("virtual_key")).ToArray();
        return new RotatedKey(id, older, newer, last.Secret, Text(retiring[1], "id"));
    }

    /// <summary>A key with two retiring secrets, for 24 h.</summary>
    private sealed record RotatedKey(string Id, string Older, string Newer, string Current, string OlderId);
}

[Collection(SqliteService.CollectionName)]
public sealed class RetiringSecretOnSqliteTests(SqliteService service) : RetiringSecretTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class RetiringSecretOnPostgresTests(PostgresService service) : RetiringSecretTests(service);
