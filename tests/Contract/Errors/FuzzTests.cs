using CsCheck;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Errors;

/// <summary>Random requests, the same ones in every run: none of them is a fault of the service.</summary>
public abstract class FuzzTests(TestService service)
{
    private const string Seed = "0a1B2c3D4e5F";
    private const int RequestCount = 400;

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("", " ", "name", "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "\u0000", "🔑", "'; DROP TABLE x; --", "live", "NaN"),
        Gen.String[0, 200],
        Gen.Char[' ', '\uffff'].Array[0, 40].Select(chars => new string(chars)));

    private static readonly Gen<string> Member = Gen.OneOf(
        Gen.OneOf(
            "name", "description", "environment", "principal_user_id", "provider_credential_ids", "secret", "config", "__proto__"),
        Text);

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 5
        ? Scalar()
        : Gen.OneOf(
            Scalar(),
            inner.Array[0, 4].Select(values => $"[{string.Join(',', values)}]"),
            Gen.Select(Member, inner).Array[0, 5].Select(Object)));

    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Select(Member, Json).Array[1, 5].Select(Object).Select(System.Text.Encoding.UTF8.GetBytes),
        Gen.Select(Text, Json).Select((name, config) => Object([("name", JsonSerializer.Serialize(name)), ("config", config)]))
            .Select(System.Text.Encoding.UTF8.GetBytes),
        Json.Select(System.Text.Encoding.UTF8.GetBytes),
        Gen.Select(Gen.Select(Member, Json).Array[1, 5], Gen.Int[0, 1000], Gen.Byte, Corrupt),
        Gen.Byte.Array[0, 200]);

    private static readonly Gen<(string, string)[]> Headers = Gen.Select(
        Gen.OneOf("Authorization", "X-Auth-Token", "Content-Type", "Accept", "Accept-Encoding", "Origin", "Cookie", "Expect", "If-Match", "Idempotency-Key"),
        Gen.OneOf(
            Gen.OneOf("Bearer x", "Basic eDp5", "Basic !", "bearer", "application/json;;charset=x", "*/*", "application/json; charset=utf-16", "100-continue"),
            Gen.Char[' ', '~'].Array[0, 100].Select(chars => new string(chars)))).Array[0, 4];

    private static readonly Gen<(HttpMethod, string)> Call = Gen.OneOf(
        (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify), (HttpMethod.Patch, "key"),
        (HttpMethod.Post, "rotate"), (HttpMethod.Post, "revoke"));

    [Fact]
    public async Task Random_requests_never_return_5xx_and_errors_are_well_formed()
    {
        using var project = await service.CreateProjectAsync();
        using var stranger = service.CreateAnonymousClient();
        var (id, _) = await project.Client.CreateAsync();
        var statuses = new Dictionary<int, int>();
        foreach (var ((method, name), body, headers) in Gen.Select(Call, Body, Headers).Array[RequestCount].Generate(PCG.Parse(Seed), null, out _))
        {
            var path = name switch
            {
                "key" => Routes.VirtualKey(id),
                "rotate" => Routes.Rotate(id),
                "revoke" => Routes.Revoke(id),
                _ => name,
            };
            var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
            if (!headers.Any(header => header.Item1 is "Content-Type"))
                request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            foreach (var (header, value) in headers)
                if (!request.Headers.TryAddWithoutValidation(header, value)) request.Content.Headers.TryAddWithoutValidation(header, value);

            var answer = await project.Client.SendAsync(request);
            Assert.True((int)answer.Status is >= 200 and < 500, $"{method} {path} {Convert.ToHexString(body)}: {answer.Body}");
            if ((int)answer.Status >= 400) ErrorAssert.IsWellFormed(answer);
            statuses[(int)answer.Status] = statuses.GetValueOrDefault((int)answer.Status) + 1;
        }

        // Not all of them were turned away at the door.
        Assert.Subset(statuses.Keys.ToHashSet(), new HashSet<int> { 200, 201, 400, 401, 415, 422 });
    }

    private static Gen<string> Scalar() => Gen.OneOf(
        Text.Select(text => JsonSerializer.Serialize(text)),
        Gen.OneOf("null", "true", "false", "0", "-1", "1e400", "9999999999999999999999", "0.1", "\"\\ud800\"", "[]", "{}"));

    private static string Object((string Member, string Value)[] members) =>
        $"{{{string.Join(',', members.Select(member => $"{JsonSerializer.Serialize(member.Member)}:{member.Value}"))}}}";

    private static byte[] Corrupt((string, string)[] members, int at, byte with)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(Object(members));
        body[at % body.Length] = with;
        return body;
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class FuzzOnSqliteTests(SqliteService service) : FuzzTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class FuzzOnPostgresTests(PostgresService service) : FuzzTests(service);
