using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Rotation;

/// <summary>Cutting retiring secrets and moving their deadlines.</summary>
public abstract class GraceControlTests(TestService service)
{
    private const string NobodysSecret = "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Cutting_one_ends_that_one_and_no_other()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await KeyAsync(project, rotated.Id);

        var answer = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(rotated.Id, rotated.OlderId));
        answer.Expect(HttpStatusCode.OK);

        var key = answer.Json.GetProperty("virtual_key");
        HasShape(key);
        Assert.Equal("4", Text(key, "revision"));
        Assert.Equal(before.GetProperty("retiring_secrets")[0].ToString(), Assert.Single(Retiring(key)).ToString());
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(rotated.Older));
        Assert.Equal("retiring", await project.Client.VerifyAsync(rotated.Newer));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Current));
        await IsNoRetiringSecret(project, rotated.Id, rotated.OlderId);
    }

    [Fact]
    public async Task Cutting_all_ends_every_one_and_again_changes_nothing()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var answer = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        answer.Expect(HttpStatusCode.OK);
        Assert.Empty(Retiring(answer.Json.GetProperty("virtual_key")));
        foreach (var secret in new[] { rotated.Older, rotated.Newer })
            Assert.Equal("expired_secret", await project.Client.VerifyAsync(secret));

        var again = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id));
        again.Expect(HttpStatusCode.OK);
        Assert.Equal(answer.Body, again.Body);
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Current));
    }

    [Theory]
    [InlineData(29), InlineData(2), InlineData(0.01)]
    public async Task A_deadline_moves_both_ways_and_the_others_stay(double days)
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = await KeyAsync(project, rotated.Id);
        var deadline = Instants.FromNow(TimeSpan.FromDays(days));

        var answer = await MoveAsync(project, rotated.Id, rotated.OlderId, $"\"{deadline}\"");
        answer.Expect(HttpStatusCode.OK);

        var key = answer.Json.GetProperty("virtual_key");
        Assert.Equal("4", Text(key, "revision"));
        Assert.Equal(deadline, Text(Retiring(key).Single(secret => Text(secret, "id") == rotated.OlderId), "valid_until"));
        Assert.Equal(Other(before), Other(key));
        Assert.Equal(answer.Body, (await MoveAsync(project, rotated.Id, rotated.OlderId, $"\"{deadline}\"")).Body);
        var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = rotated.Older });
        Assert.Equal("retiring", Text(verdict.Json, "code"));
        Assert.Equal(deadline, Text(verdict.Json, "valid_until"));

        string Other(JsonElement of) => Retiring(of).Single(secret => Text(secret, "id") != rotated.OlderId).ToString();
    }

    [Fact]
    public async Task An_instant_in_another_time_zone_is_the_same_instant()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var deadline = TimeProvider.System.GetUtcNow().AddDays(3);
        var there = deadline.ToOffset(TimeSpan.FromHours(5.5)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await MoveAsync(project, rotated.Id, rotated.OlderId, $"\"{there}\"");
        answer.Expect(HttpStatusCode.OK);
        Assert.Contains(Retiring(answer.Json.GetProperty("virtual_key")), secret => Text(secret, "valid_until") == Instants.Text(deadline));
    }

    [Fact]
    public async Task A_shortened_secret_ends_then_and_cannot_be_prolonged_any_more()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var soon = Instants.FromNow(TimeSpan.FromSeconds(1.5));
        (await MoveAsync(project, rotated.Id, rotated.OlderId, $"\"{soon}\"")).Expect(HttpStatusCode.OK);
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(rotated.Older) != "retiring", TimeSpan.FromSeconds(20));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(rotated.Older));
        await IsNoRetiringSecret(project, rotated.Id, rotated.OlderId);
        Assert.Equal("retiring", await project.Client.VerifyAsync(rotated.Newer));
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var expiry = Instants.FromNow(TimeSpan.FromDays(20));
        var patched = await project.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(rotated.Id), new { expires_at = expiry });
        patched.Expect(HttpStatusCode.OK);
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime;
        string[] values =
        [
            Quoted(TimeSpan.FromSeconds(-1)), Quoted(TimeSpan.FromDays(-400)), Quoted(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1)),
            Quoted(TimeSpan.FromDays(20) + TimeSpan.FromMinutes(1)), Quoted(TimeSpan.FromDays(400)),
            $"\"{tomorrow.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)}\"",
            $"\"{tomorrow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}\"",
            "null", "1", "true", "[]", "{}", "\"\"", "\"tomorrow\"", "86400",
        ];
        foreach (var value in values)
            ErrorAssert.IsError(await MoveAsync(project, rotated.Id, rotated.OlderId, value), 422, "validation_failed", naming: "valid_until");
        var empty = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.RetiringSecret(rotated.Id, rotated.OlderId), "{}");
        ErrorAssert.IsError(empty, 422, "validation_failed", naming: "valid_until");

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        (await MoveAsync(project, rotated.Id, rotated.OlderId, $"\"{expiry}\"")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deadline_more_than_30_days_ahead_is_422_and_one_just_below_is_not()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var tooFar = await MoveAsync(project, rotated.Id, rotated.OlderId, Quoted(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(30)));
        ErrorAssert.IsError(tooFar, 422, "validation_failed", naming: "valid_until");
        (await MoveAsync(project, rotated.Id, rotated.OlderId, Quoted(TimeSpan.FromDays(30)))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_retiring_secret_of_the_key_is_404()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var anothers = await RotateTwiceAsync(project);
        var current = Text(await KeyAsync(project, rotated.Id), "secret_id");
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        foreach (var secretId in new[] { NobodysSecret, current, anothers.OlderId, "x", "secret_", rotated.OlderId.ToLowerInvariant(), rotated.Older })
            await IsNoRetiringSecret(project, rotated.Id, secretId);
        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
        Assert.Equal("retiring", await project.Client.VerifyAsync(anothers.Older));
    }

    [Fact]
    public async Task A_key_of_another_project_and_one_that_is_not_there_are_404_and_stay_as_they_are()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        var before = (await project.Client.GetAsync(rotated.Id)).Body;
        foreach (var id in new[] { rotated.Id, "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" })
        {
            Answer[] answers =
            [
                await other.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(id, rotated.OlderId)),
                await other.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id)),
                await MoveAsync(other, id, rotated.OlderId, Quoted(TimeSpan.FromDays(2))),
            ];
            Assert.All(answers, answer => ErrorAssert.IsError(answer, 404, "virtual_key_not_found"));
        }

        Assert.Equal(before, (await project.Client.GetAsync(rotated.Id)).Body);
    }

    [Fact]
    public async Task The_secrets_of_a_revoked_key_are_settled()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await RotateTwiceAsync(project);
        (await project.Client.RevokeAsync(rotated.Id)).Expect(HttpStatusCode.OK);
        Answer[] answers =
        [
            await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(rotated.Id, rotated.OlderId)),
            await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(rotated.Id)),
            await MoveAsync(project, rotated.Id, rotated.OlderId, Quoted(TimeSpan.FromDays(2))),
        ];
        Assert.All(answers, answer => ErrorAssert.IsError(answer, 400, "virtual_key_revoked"));
    }

    private static async Task IsNoRetiringSecret(TestProject project, string id, string secretId)
    {
        var cut = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecret(id, secretId));
        ErrorAssert.IsError(cut, 404, "retiring_secret_not_found");
        var moved = await MoveAsync(project, id, secretId, Quoted(TimeSpan.FromDays(2)));
        ErrorAssert.IsError(moved, 404, "retiring_secret_not_found");
    }

    private static Task<Answer> MoveAsync(TestProject project, string id, string secretId, string validUntil) =>
        project.Client.SendTextAsync(HttpMethod.Patch, Routes.RetiringSecret(id, secretId), $$"""{"valid_until":{{validUntil}}}""");

    private static string Quoted(TimeSpan fromNow) => $"\"{Instants.FromNow(fromNow)}\"";

    private static async Task<JsonElement> KeyAsync(TestProject project, string id) =>
        (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");

    private static JsonElement.ArrayEnumerator Retiring(JsonElement key) => key.GetProperty("retiring_secrets").EnumerateArray();

    private static async Task<Rotated> RotateTwiceAsync(TestProject project)
    {
        var (id, older) = await project.Client.CreateAsync();
        var newer = (await project.Client.RotateAsync(id)).Secret;
        var last = await project.Client.RotateAsync(id);
        var retiring = Retiring(last.Json.GetProperty("virtual_key")).ToArray();
        return new Rotated(id, older, newer, last.Secret, Text(retiring[1], "id"));
    }

    /// <summary>A key with two retiring secrets, for 24 h.</summary>
    private sealed record Rotated(string Id, string Older, string Newer, string Current, string OlderId);
}

[Collection(SqliteService.Storage)]
public sealed class GraceControlOnSqliteTests(SqliteService service) : GraceControlTests(service);

[Collection(PostgresService.Storage)]
public sealed class GraceControlOnPostgresTests(PostgresService service) : GraceControlTests(service);
