using System.Reflection;
using KeysCluster.Events;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Idempotency;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>A grain accepts nothing beyond the limits, whoever calls it.</summary>
[Collection(ClusterTests.Name)]
public sealed class CommandLimitTests(KeysTestCluster cluster)
{
    private static readonly string Long = new('x', 256);

    /// <summary>Commands without texts or numbers of their own.</summary>
    private static readonly HashSet<Type> Unlimited =
        [typeof(ExpireRetiringSecretsCommand), typeof(ChangeDeadlineCommand)];

    private static readonly Func<CreateVirtualKeyCommand, CreateVirtualKeyCommand>[] InvalidCreates =
    [
        command => command with { Name = "" },
        command => command with { Name = null! },
        command => command with { Name = Long },
        command => command with { Description = new string('x', 4001) },
        command => command with { PrincipalUserId = Long },
        command => command with { Environment = (VirtualKeyEnvironment)9 },
        command => command with { ProviderCredentialIds = [Long] },
        command => command with { ProviderCredentialIds = [.. Enumerable.Repeat("id", 101)] },
        command => command with { Permissions = ["not a permission"] },
        command => command with { Permissions = [.. Enumerable.Range(0, 65).Select(number => $"p{number}")] },
        command => command with { ExternalId = Long },
        command => command with { Metadata = new Dictionary<string, string> { ["key"] = new('x', 501) } },
        command => command with { AllowedIps = [.. Enumerable.Repeat(default(System.Net.IPNetwork), 33)] },
        command => command with { Caller = command.Caller with { Actor = Long } },
        command => command with { Idempotency = TestData.NewIdempotentRequest("k", sealedSecret: new('x', 1025)) },
    ];

    [Fact]
    public async Task A_virtual_key_beyond_the_limits_is_refused_and_nothing_is_stored()
    {
        foreach (var change in InvalidCreates)
        {
            var key = GrainTestKey.Unknown(cluster);
            var exception = await Assert.ThrowsAnyAsync<ArgumentException>(
                () => key.Grain.Create(change(key.NewCreateCommand(key.First))));
            Assert.EndsWith("is not within its limits.", exception.Message, StringComparison.Ordinal);
            Assert.Null(await key.Grain.Get(TestData.Caller));
        }
    }

    [Fact]
    public async Task A_text_of_the_maximum_length_counts_code_points()
    {
        var key = GrainTestKey.Unknown(cluster);
        var name = string.Concat(Enumerable.Repeat("😀", 128));

        var result = await key.Grain.Create(key.NewCreateCommand(key.First) with { Name = name });

        Assert.Equal((ChangeOutcome.Done, name), (result.Outcome, result.Key!.Name));
    }

    [Fact]
    public async Task A_grace_period_beyond_the_limits_is_refused()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        foreach (var period in (TimeSpan[])[TimeSpan.FromTicks(-1), GracePeriod.Maximum + TimeSpan.FromTicks(1)])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => key.Grain.Rotate(key.NewRotateCommand(key.Mint()) with { GracePeriod = period }));
        }

        Assert.Empty((await key.GetAsync()).RetiringSecrets);
    }

    [Fact]
    public async Task Updates_and_reasons_beyond_the_limits_are_refused()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var project = cluster.Grains.GetProjectGrain(TestData.Project);

        Task[] calls =
        [
            key.Grain.Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, Name = Long }),
            key.Grain.Disable(TestData.Caller, new string('x', 501)),
            project.Disable(TestData.Caller, new string('x', 501)),
            project.Update(new UpdateProjectCommand { Caller = TestData.Caller, MaxVirtualKeys = 1_000_001 }),
            project.Update(new UpdateProjectCommand { Caller = TestData.Caller, Language = Long }),
            project.UpdateApiKey(new UpdateApiKeyCommand
            {
                Caller = TestData.Caller,
                Id = ApiKeyId.First(TestData.Project),
                Permissions = ["all"],
            }),
        ];

        foreach (var call in calls) await Assert.ThrowsAnyAsync<ArgumentException>(() => call);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    [InlineData(int.MaxValue)]
    public async Task A_page_beyond_the_limit_is_refused(int limit)
    {
        var project = TestData.Project.ToString();

        Task[] calls =
        [
            cluster.Grains.GetGrain<IVirtualKeyListGrain>(project).List(after: null, limit),
            cluster.Grains.GetGrain<IProjectListGrain>(0).List(page: 1, limit),
            cluster.Grains.GetGrain<IEventListGrain>(project).Read(new EventFilter(), after: null, limit),
        ];

        foreach (var call in calls) await Assert.ThrowsAnyAsync<ArgumentException>(() => call);
    }

    [Fact]
    public async Task Lists_of_days_filters_and_positions_beyond_the_limits_are_refused()
    {
        var ids = cluster.Grains.GetGrain<IIdempotentIdGrain>(0);
        var events = cluster.Grains.GetGrain<IEventListGrain>(TestData.Project.ToString());
        var keys = cluster.Grains.GetGrain<IVirtualKeyListGrain>(TestData.Project.ToString());
        var snapshot = new EventSnapshot(TestData.Start, 1, 1, 1, new ulong[10_001]);

        Task[] calls =
        [
            ids.Derive(default, "projects", new long[9]).AsTask(),
            events.Read(new EventFilter { Type = Long }, null, 1),
            events.Read(new EventFilter { Actor = Long }, null, 1),
            events.Read(new EventFilter(), new EventPosition(Long, null, null), 1),
            events.Read(new EventFilter(), new EventPosition("1", snapshot, null), 1),
            events.Read(new EventFilter(), new EventPosition("1", null, snapshot), 1),
            events.Read(new EventFilter(), new EventPosition("1", null, null, LastAt: Long), 1),
            keys.Find(new VirtualKeyFilter { ExternalId = Long }, null, 1),
            keys.Find(new VirtualKeyFilter { PrincipalUserId = Long }, null, 1),
            keys.Find(new VirtualKeyFilter { NamePrefix = Long }, null, 1),
            keys.Find(new VirtualKeyFilter { Status = (VirtualKeyStatus)99 }, null, 1),
            keys.List(new VirtualKeyPosition(TestData.Start, default, SortText: Long), 1),
        ];

        foreach (var call in calls) await Assert.ThrowsAnyAsync<ArgumentException>(() => call);
    }

    /// <summary>An argument of another type has no limits: give it some, or list a type of a fixed size here.</summary>
    [Fact]
    public void Every_argument_of_a_call_has_limits_or_a_fixed_size()
    {
        var limited = typeof(CommandLimits).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Where(method => method.Name.StartsWith("Check", StringComparison.Ordinal))
            .Select(method => method.GetParameters()[0].ParameterType)
            .Concat([
                typeof(string), typeof(IReadOnlyList<string>), typeof(IReadOnlyList<long>), typeof(LogPosition),
                typeof(VirtualKeyPosition), typeof(System.Net.IPAddress), typeof(IInvalidationObserver),
                typeof(ProjectPosition),
            ])
            .Concat(Unlimited);
        var arguments = typeof(IVirtualKeyGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => !type.IsValueType)
            .Distinct();

        Assert.Empty(arguments.Except(limited).Select(type => type.Name));
    }

    [Fact]
    public void Every_command_has_limits()
    {
        var limited = typeof(CommandLimits).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Where(method => method.Name == "CheckCommand")
            .Select(method => method.GetParameters()[0].ParameterType);
        var commands = typeof(CreateVirtualKeyCommand).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Command", StringComparison.Ordinal) && type.IsPublic && type.IsClass)
            .Where(type => type.Namespace!.StartsWith("KeysCluster", StringComparison.Ordinal))
            .Where(type => !Unlimited.Contains(type));

        Assert.Equal(commands.Select(type => type.Name).Order(), limited.Select(type => type.Name).Order());
    }
}
