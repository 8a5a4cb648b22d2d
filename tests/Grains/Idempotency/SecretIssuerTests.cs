using System.Reflection;
using System.Text;
using System.Text.Json;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Projects;
using KeysCluster.Api.Secrets;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Idempotency;

[Collection(ClusterTests.Name)]
public sealed class SecretIssuerTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly FakeTimeProvider _clock = new(TestData.Start);

    /// <summary>
    /// The members that do not need <see cref="AddedMemberAttribute"/>: those of the first version of each request.
    /// </summary>
    public static TheoryData<Type, string> FirstMembers => new()
    {
        {
            typeof(CreateVirtualKey.Request),
            "Name Description Environment PrincipalUserId ProviderCredentialIds ExpiresAt"
        },
        { typeof(CreateProject.Request), "Name" },
        { typeof(CreateApiKey.Request), "Name Permissions ExpiresAt" },
        { typeof(RotateRequest), "GracePeriodSeconds" },
    };

    /// <summary>Without the attribute, a retry of a request to the previous build would be a conflict.</summary>
    [Theory]
    [MemberData(nameof(FirstMembers))]
    public void A_member_that_was_added_to_an_idempotent_request_is_marked(Type request, string firstMembers) =>
        Assert.Equal(
            firstMembers.Split(' ').Order(StringComparer.Ordinal),
            request.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(member => !member.IsDefined(typeof(AddedMemberAttribute)))
                .Select(member => member.Name)
                .Order(StringComparer.Ordinal));

    /// <summary>
    /// The first version of each request of <see cref="FirstMembers"/>, with the JSON that its hash was computed of.
    /// </summary>
    public static TheoryData<Type, string, string> FirstVersions => new()
    {
        {
            typeof(CreateVirtualKey.Request),
            """{"name":"n","provider_credential_ids":["c"]}""",
            """
            {"operation":"create","body":{"Name":"n","Description":null,"Environment":0,"PrincipalUserId":null,
            "ProviderCredentialIds":["c"],"ExpiresAt":null}}
            """
        },
        { typeof(CreateProject.Request), """{"name":"n"}""", """{"operation":"create","body":{"Name":"n"}}""" },
        {
            typeof(CreateApiKey.Request),
            """{"name":"n","permissions":["virtualKeys:view"]}""",
            """{"operation":"create","body":{"Name":"n","Permissions":["virtualKeys:view"],"ExpiresAt":null}}"""
        },
        { typeof(RotateRequest), "{}", """{"operation":"create","body":{"GracePeriodSeconds":86400}}""" },
    };

    /// <summary>Stored records contain the hash, so a retry after an upgrade would be a conflict.</summary>
    [Theory]
    [MemberData(nameof(FirstVersions))]
    public async Task A_request_of_the_first_version_keeps_its_hash(Type type, string body, string hashed)
    {
        var request = JsonSerializer.Deserialize(body, type, Json);
        var compute = GetType().GetMethod(nameof(ComputeHashAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

        var hash = await (Task<Sha256Digest>)compute.MakeGenericMethod(type).Invoke(this, [request])!;

        Assert.Equal(Sha256Digest.Compute(Encoding.ASCII.GetBytes(hashed.ReplaceLineEndings(""))), hash);
    }

    [Fact]
    public void Every_idempotent_request_has_a_pinned_hash() =>
        Assert.Equal(
            FirstMembers.Select(row => ((object[])row)[0]).ToHashSet(),
            FirstVersions.Select(row => ((object[])row)[0]).ToHashSet());

    /// <summary>Stored records contain the hash of the request.</summary>
    [Fact]
    public async Task A_request_without_added_members_has_the_hash_of_the_first_version()
    {
        const string firstVersion = """
            {"operation":"create","body":{"Name":"a name","Description":"d","Environment":0,"PrincipalUserId":null,
            "ProviderCredentialIds":["c"],"ExpiresAt":null}}
            """;
        var expected = Sha256Digest.Compute(Encoding.ASCII.GetBytes(firstVersion.ReplaceLineEndings("")));

        var request = new CreateVirtualKey.Request
        {
            Name = "a name",
            Description = "d",
            ProviderCredentialIds = ["c"],
        };

        Assert.Equal(expected, await ComputeHashAsync(request));
        Assert.Equal(expected, await ComputeHashAsync(request with { Permissions = [], ExternalId = null }));
        Assert.NotEqual(expected, await ComputeHashAsync(request with { Permissions = ["chat:write"] }));
    }

    /// <summary>A client may use one constant key, such as the name of its machine.</summary>
    [Fact]
    public async Task A_creation_makes_as_many_calls_however_often_its_key_was_used_before()
    {
        var created = new HashSet<VirtualKeyId>();
        for (var day = 0; day < 100; day++)
        {
            var calls = new List<(VirtualKeyId Id, bool ReplayOnly)>();
            var result = await (await CreateIssuerAsync()).CreateAsync<VirtualKeyId>(
                TestData.Project.ToString(),
                VirtualKeyId.New,
                bits => VirtualKeyId.FromBits(bits),
                (id, replayOnly) =>
                {
                    lock (calls) calls.Add((id, replayOnly));
                    return Task.FromResult<IResult?>(replayOnly ? null : TypedResults.Ok());
                });

            Assert.IsType<Ok>(result);
            Assert.Equal(2, calls.Count);
            Assert.True(created.Add(Assert.Single(calls, call => !call.ReplayOnly).Id), $"day {day}");
            _clock.Advance(Day);
        }
    }

    private async Task<Sha256Digest> ComputeHashAsync<TRequest>(TRequest request)
        where TRequest : class, new() =>
        (await CreateIssuerAsync()).ToIdempotentRequest("create", request, TestData.MintSecret())!.RequestHash;

    private ValueTask<SecretIssuer> CreateIssuerAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(cluster.Grains);
        var context = new DefaultHttpContext { RequestServices = services.BuildServiceProvider() };
        context.Request.Headers[IdempotencyHeader.Name] = "a key of a machine";
        return SecretIssuer.BindAsync(context);
    }
}
