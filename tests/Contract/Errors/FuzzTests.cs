using System.Text;
using CsCheck;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

/// <summary>Sends random requests, which are the same in every run.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class FuzzTests(SqliteService service)
{
    private const string Seed = "0a1B2c3D4e5F";
    private const int RequestCount = 400;

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("", " ", "name", UnknownIds.VirtualKey, "\u0000", "🔑", "'; DROP TABLE x; --", "live", "NaN"),
        Gen.String[0, 200],
        Gen.Char[' ', '\uffff'].Array[0, 40].Select(chars => new string(chars)));

    private static readonly Gen<string> Member = Gen.OneOf(
        Gen.OneOf(
            "name", "description", "environment", "principal_user_id", "provider_credential_ids", "secret", "config",
            "expires_at", "permissions", "external_id", "metadata", "allowed_ips", "ip_address", "scopes", "purpose",
            "trace_project_id", "routing_mode", "budget", "scope_type", "__proto__"),
        Text);

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 5
        ? CreateScalar()
        : Gen.OneOf(
            CreateScalar(),
            inner.Array[0, 4].Select(values => $"[{string.Join(',', values)}]"),
            Gen.Select(Member, inner).Array[0, 5].Select(FormatObject)));

    private static readonly Gen<string> ObjectJson = Gen.Select(Member, Json).Array[0, 5].Select(FormatObject);

    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Select(Member, Json).Array[1, 5].Select(FormatObject).Select(Encoding.UTF8.GetBytes),
        Gen.Select(Text, ObjectJson)
            .Select((name, config) => FormatObject([("name", JsonSerializer.Serialize(name)), ("config", config)]))
            .Select(Encoding.UTF8.GetBytes),
        Gen.Select(Text, Text)
            .Select((name, id) => JsonSerializer.SerializeToUtf8Bytes(new { name, external_id = id })),
        Gen.Select(Text, Json)
            .Select((text, ip) => FormatObject([("secret", JsonSerializer.Serialize(text)), ("ip_address", ip)]))
            .Select(Encoding.UTF8.GetBytes),
        Gen.Const("{}"u8.ToArray()),
        Json.Select(Encoding.UTF8.GetBytes),
        Gen.Select(Gen.Select(Member, Json).Array[1, 5], Gen.Int[0, 1000], Gen.Byte, Corrupt),
        Gen.Byte.Array[0, 200]);

    private static readonly Gen<(string, string)[]> Headers = Gen.Select(
        Gen.OneOf(
            "Authorization", "X-Auth-Token", "Content-Type", "Accept", "Accept-Encoding", "Origin", "Cookie", "Expect",
            "If-Match", "Idempotency-Key"),
        Gen.OneOf(
            Gen.OneOf(
                "Bearer x", "Basic eDp5", "Basic !", "bearer", "application/json;;charset=x", "*/*",
                "application/json; charset=utf-16", "100-continue"),
            Gen.Char[' ', '~'].Array[0, 100].Select(chars => new string(chars)))).Array[0, 4];

    private static readonly Gen<(HttpMethod, string)> Call = Gen.OneOf(
        (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify), (HttpMethod.Patch, "key"),
        (HttpMethod.Post, "rotate"), (HttpMethod.Post, "revoke"));

    [Fact]
    public async Task Random_requests_never_return_5xx_and_errors_are_well_formed()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var requests = Gen.Select(Call, Body, Headers).Array[RequestCount].Generate(PCG.Parse(Seed), null, out _);
        var statuses = new HashSet<int>();
        foreach (var ((method, name), body, headers) in requests)
        {
            var path = name switch
            {
                "key" => Routes.VirtualKey(id),
                "rotate" => Routes.Rotate(id),
                "revoke" => Routes.Revoke(id),
                _ => name,
            };

            var response = await project.Client.SendAsync(CreateRequest(method, path, body, headers));

            Assert.True(
                (int)response.Status is >= 200 and < 500,
                $"{method} {path} {Convert.ToHexString(body)}: {response.Body}");
            if ((int)response.Status >= 400) ErrorAssert.IsWellFormed(response);
            statuses.Add((int)response.Status);
        }

        // Requests of every kind got past authentication and validation.
        Assert.Subset(statuses, new HashSet<int> { 200, 201, 400, 401, 415, 422 });
    }

    private static HttpRequestMessage CreateRequest(
        HttpMethod method, string path, byte[] body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        if (!headers.Any(header => header.Name is "Content-Type"))
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static Gen<string> CreateScalar() => Gen.OneOf(
        Text.Select(text => JsonSerializer.Serialize(text)),
        Gen.OneOf(
            "null", "true", "false", "0", "-1", "1e400", "9999999999999999999999", "0.1", "\"\\ud800\"", "[]", "{}"));

    private static string FormatObject((string Name, string Value)[] members)
    {
        var texts = members.Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value}");
        return $"{{{string.Join(',', texts)}}}";
    }

    private static byte[] Corrupt((string, string)[] members, int index, byte value)
    {
        var body = Encoding.UTF8.GetBytes(FormatObject(members));
        body[index % body.Length] = value;
        return body;
    }
}
