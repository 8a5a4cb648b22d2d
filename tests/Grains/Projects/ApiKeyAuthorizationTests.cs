using CsCheck;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.Projects;

/// <summary>
/// No API key grants more than it has, in random histories of changes that API keys request. A failure prints its seed;
/// the environment variable <c>CsCheck_Seed</c> repeats it.
/// </summary>
public sealed class ApiKeyAuthorizationTests
{
    private enum StepKind
    {
        Create, Update, Rotate, ChangeDeadline, ExpireRetiring, Delete, AdvanceClock,
    }

    /// <summary>
    /// A step of the caller with an index among all secrets, on the API key with another index. The bits of a number
    /// select permissions.
    /// </summary>
    private sealed record Step(StepKind Kind, int Caller, int Target, int Permissions, int? Hours);

    private static readonly Gen<Step> AnyStep =
        from kind in Gen.Enum<StepKind>()
        from caller in Gen.Int[0, 99]
        from target in Gen.Int[0, 99]
        from permissions in Gen.Frequency((1, Gen.Const(0)), (9, Gen.Int[0, 1023]))
        from hours in Gen.Frequency((1, Gen.Const((int?)null)), (3, Gen.Int[1, 60].Select(hours => (int?)hours)))
        select new Step(kind, caller, target, permissions, hours);

    [Fact]
    public void An_API_key_never_grants_more_than_it_has() => AnyStep.Array[1, 60].Sample(
        steps =>
        {
            var (state, now) = (CreateProject(), TestData.Start);
            foreach (var step in steps)
            {
                if (step.Kind == StepKind.AdvanceClock)
                {
                    now = now.AddHours(step.Hours ?? 1);
                    continue;
                }

                // Every second step is the administrator's, so that there are API keys with fewer permissions.
                var isAdmin = step.Caller % 2 == 0;
                var secrets = state.SecretSets.SelectMany(set => set.All()).ToList();
                if (secrets.Count == 0) return;
                var secretId = secrets[step.Caller % secrets.Count].Id;
                var next = Apply(state, step, isAdmin ? null : secretId, now);
                if (!isAdmin) AssertGivesNoMore(state, next, secretId, now, step);
                state = next;
            }
        },
        iter: 5000);

    [Fact]
    public void An_API_key_without_permissions_does_not_outlive_its_creator()
    {
        var secret = Mint();
        var expiry = TestData.Start.AddHours(1);
        var manager = NewCreate(secret, [ApiKeyPermissions.ManageApiKeys], expiry);
        var state = ApiKeyLifecycle.Create(CreateProject(), manager, TestData.Pepper, TestData.Start).State!;

        Assert.Equal(ChangeOutcome.ExpiryExceedsCaller, FindDenial(null));
        Assert.Equal(ChangeOutcome.ExpiryExceedsCaller, FindDenial(expiry.AddTicks(1)));
        Assert.Null(FindDenial(expiry));

        ChangeOutcome? FindDenial(DateTimeOffset? expiresAt)
        {
            var create = NewCreate(Mint(), permissions: [], expiresAt) with
            {
                Caller = CallerWith(secret.Id.ToString()),
            };
            return ApiKeyAuthorization.FindDenial(state, create, replayed: null, TestData.Start)?.Outcome;
        }
    }

    [Theory]
    [InlineData(ChangeOutcome.PermissionMissing, ApiKeyPermissions.ManageApiKeys, ApiKeyPermissions.VerifyVirtualKeys)]
    [InlineData(null, ApiKeyPermissions.ManageApiKeys)]
    [InlineData(ChangeOutcome.PermissionMissing)]
    public void A_denial_names_the_missing_permissions(ChangeOutcome? outcome, params string[] permissions)
    {
        var state = CreateProject();
        var secret = Mint();
        var manager = NewCreate(secret, [ApiKeyPermissions.ManageApiKeys], null);
        state = ApiKeyLifecycle.Create(state, manager, TestData.Pepper, TestData.Start).State!;
        if (permissions.Length == 0) permissions = ApiKeyPermissions.All.ToArray();
        var command = NewCreate(Mint(), permissions, expiresAt: null) with
        {
            Caller = CallerWith(secret.Id.ToString()),
        };

        var denial = ApiKeyAuthorization.FindDenial(state, command, replayed: null, TestData.Start);

        Assert.Equal(outcome, denial?.Outcome);
        if (outcome is not null)
            Assert.Equal(permissions.Except([ApiKeyPermissions.ManageApiKeys]), denial!.MissingPermissions);
    }

    /// <summary>
    /// Asserts that whatever is valid for longer, has more permissions, or is a new secret does not exceed the API key
    /// that asked for it.
    /// </summary>
    private static void AssertGivesNoMore(
        ProjectState before, ProjectState after, string callerSecret, DateTimeOffset now, Step step)
    {
        if (ReferenceEquals(before, after)) return;
        var caller = before.FindApiKeyBySecret(callerSecret)!;
        var callerEnd = GetEnd(caller, caller.Secrets.Find(callerSecret)!);
        Assert.True(callerEnd > now, $"An expired API key made a change: {step}");
        foreach (var key in after.ApiKeys)
        {
            foreach (var secret in key.Secrets.All())
            {
                var end = GetEnd(key, secret);
                if (end <= now) continue;
                var old = before.FindApiKey(key.Id);
                var oldSecret = old?.Secrets.Find(secret.Id);
                var oldEnd = oldSecret is null ? now : GetEnd(old!, oldSecret);
                var oldPermissions = oldSecret is null || oldEnd <= now ? [] : old!.GrantedPermissions;

                // Permissions that the secret did not have, or an expiry later than its own.
                string[] given =
                    [.. end > oldEnd ? key.GrantedPermissions : key.GrantedPermissions.Except(oldPermissions)];
                Assert.Subset(caller.GrantedPermissions.ToHashSet(), given.ToHashSet());
                if (end <= oldEnd && given.Length == 0) continue;
                Assert.True(
                    end <= (caller.ExpiresAt ?? DateTimeOffset.MaxValue),
                    $"{string.Join(", ", given)} until {end:O} by a caller until {callerEnd:O}: {step}");
            }
        }
    }

    private static DateTimeOffset GetEnd(ApiKeyState key, StoredSecret secret)
    {
        if (secret.IsExpired) return DateTimeOffset.MinValue;
        var ends = new[] { key.ExpiresAt, secret.ValidUntil, DateTimeOffset.MaxValue };
        return ends.Min()!.Value;
    }

    private static ProjectState Apply(ProjectState state, Step step, string? callerSecret, DateTimeOffset now)
    {
        var caller = callerSecret is null ? TestData.Caller : CallerWith(callerSecret);
        var keys = state.ApiKeys;
        if (keys.Count == 0) return state;
        var key = keys[step.Target % keys.Count];
        var retiring = key.Secrets.Replaced.FirstOrDefault();
        var secretId = SecretId.Parse(retiring?.Id ?? key.Secrets.CurrentSecret.Id);
        string[] permissions = [.. ApiKeyPermissions.All.Where((_, i) => (step.Permissions & (1 << i)) != 0)];
        var end = step.Hours is { } hours ? now.AddHours(hours) : (DateTimeOffset?)null;
        switch (step.Kind)
        {
            case StepKind.Create:
                var create = NewCreate(Mint(), permissions, end) with { Caller = caller };
                return ApiKeyAuthorization.FindDenial(state, create, replayed: null, now) is null
                    ? ApiKeyLifecycle.Create(state, create, TestData.Pepper, now).State!
                    : state;
            case StepKind.Update:
                var update = new UpdateApiKeyCommand
                {
                    Caller = caller,
                    Id = ApiKeyId.Parse(key.Id),
                    Permissions = step.Permissions % 3 == 0 ? null : permissions,
                    SetsExpiresAt = step.Permissions % 2 == 0,
                    ExpiresAt = end,
                };
                return ApiKeyAuthorization.FindDenial(state, key, update, now) is null
                    ? ApiKeyLifecycle.Update(state, key, update, now).State!
                    : state;
            case StepKind.Rotate:
                var rotate = new RotateSecretCommand { Caller = caller, Secret = Mint() };
                return ApiKeyAuthorization.FindDenial(state, key, rotate, record: null, now) is null
                    ? ApiKeyLifecycle.Rotate(state, key, rotate, TestData.Pepper, now, now).State!
                    : state;
            case StepKind.ChangeDeadline:
                var change = new ChangeDeadlineCommand(caller, secretId, end ?? now.AddDays(20));
                return ApiKeyAuthorization.FindDenial(state, key, change, now) is null
                    ? ApiKeyLifecycle.ChangeDeadline(state, key, change, now).State!
                    : state;
            case StepKind.ExpireRetiring:
                var expire = new ExpireRetiringSecretsCommand(caller, step.Hours is null ? null : secretId);
                return ApiKeyAuthorization.FindDenial(state, expire, now) is null
                    ? ApiKeyLifecycle.ExpireRetiring(state, key, expire, now).State!
                    : state;
            default:
                return keys.Count > 1 && ApiKeyAuthorization.FindDeleteDenial(state, caller, now) is null
                    ? ApiKeyLifecycle.Delete(state, key, caller, now).State!
                    : state;
        }
    }

    [Fact]
    public void A_person_gives_no_permission_that_the_request_does_not_have()
    {
        var project = CreateProject();
        var person = PersonWith(ApiKeyPermissions.ManageApiKeys, ApiKeyPermissions.ViewVirtualKeys);
        var less = NewCreate(Mint(), [ApiKeyPermissions.ViewVirtualKeys], null) with { Caller = person };
        var more = less with { Permissions = [ApiKeyPermissions.ViewVirtualKeys, ApiKeyPermissions.ManageWebhooks] };
        Assert.Null(ApiKeyAuthorization.FindDenial(project, less, null, TestData.Start));
        var denial = ApiKeyAuthorization.FindDenial(project, more, null, TestData.Start);
        Assert.Equal(ChangeOutcome.PermissionMissing, denial!.Outcome);
        Assert.Equal([ApiKeyPermissions.ManageWebhooks], denial.MissingPermissions);
    }

    [Fact]
    public void A_person_needs_the_permission_to_manage_API_keys()
    {
        var person = PersonWith(ApiKeyPermissions.ViewVirtualKeys);
        var denial = ApiKeyAuthorization.FindDeleteDenial(CreateProject(), person, TestData.Start);
        Assert.Equal([ApiKeyPermissions.ManageApiKeys], denial!.MissingPermissions);
    }

    private static Caller PersonWith(params string[] permissions) => new(
        TestData.Project, "anna", new RequestOrigin(ActorKind.User, "id") { Permissions = permissions });

    private static ProjectState CreateProject()
    {
        var first = Mint();
        var command = new CreateProjectCommand("a project", first, TestData.Admin);
        var secret = StoredSecret.From(first, TestData.Pepper, TestData.Start);
        return ProjectLifecycle.Create(TestData.Project.ToString(), command, secret, TestData.Start).State!;
    }

    private static NewSecret Mint() => NewSecret.From(ProjectApiKey.Mint(TestData.Project), TestData.Start);

    private static Caller CallerWith(string secretId) =>
        new(TestData.Project, "sk-lw-ABCDEF", new RequestOrigin(ActorKind.ApiKey, secretId));

    private static CreateApiKeyCommand NewCreate(
        NewSecret secret, IReadOnlyList<string> permissions, DateTimeOffset? expiresAt) => new()
        {
            Caller = TestData.Caller,
            Id = ApiKeyId.New(TestData.Start),
            Name = "an API key",
            Permissions = permissions,
            ExpiresAt = expiresAt,
            Secret = secret,
        };
}
