using System.Net;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Samples.Tests;

public sealed class GatewayAuthenticationTests
{
    private const string AnySecret = "vk-lw-test_whatever";

    [Fact]
    public async Task An_active_secret_authenticates_with_the_claims_of_its_key()
    {
        var response = await GetWhoAmIAsync(VerdictCode.Active, $"Bearer {TestValidator.Secret}");

        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["virtual_key_id"] = TestValidator.Key.Id.ToString(),
                ["project_id"] = TestValidator.Key.ProjectId.ToString(),
                ["environment"] = "test",
                ["principal_user_id"] = "user_7",
                ["secret_id"] = TestValidator.Key.SecretId.ToString(),
            },
            GetClaims(response));
        Assert.DoesNotContain("Authentication-Info", response.Headers.Keys);
    }

    [Fact]
    public async Task A_retiring_secret_authenticates_and_the_response_states_its_deadline()
    {
        var response = await GetWhoAmIAsync(VerdictCode.Retiring, $"Bearer {TestValidator.Secret}");

        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("2026-11-26T12:00:00.007Z", GetClaims(response)["valid_until"]);
        Assert.Equal(
            "code=\"retiring\", valid_until=\"2026-11-26T12:00:00.007Z\"", response.Headers["Authentication-Info"]);
    }

    [Theory]
    [MemberData(nameof(InvalidVerdicts))]
    public async Task An_invalid_secret_is_the_same_401_whatever_the_reason(VerdictCode code)
    {
        var response = await GetWhoAmIAsync(code, $"Bearer {TestValidator.Secret}");

        AssertError(response, 401, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers["WWW-Authenticate"]);
        Assert.DoesNotContain("Authentication-Info", response.Headers.Keys);
    }

    [Theory]
    [InlineData("Bearer x"), InlineData("Bearer a b"), InlineData("Bearer a, Bearer b"), InlineData("Bearer sk-lw-0")]
    [InlineData("Bearer Bearer x")]
    public async Task A_malformed_secret_is_401_without_a_cluster(string authorization)
    {
        await using var gateway = GatewayFactory.WithoutCluster();

        AssertError(await GetWhoAmIAsync(gateway, authorization), 401, "invalid_token");
    }

    [Fact]
    public async Task An_unavailable_verdict_is_503_and_never_401()
    {
        var response = await GetWhoAmIAsync(VerdictCode.Unavailable, $"Bearer {TestValidator.Secret}");

        AssertError(response, 503, "validation_unavailable");
        Assert.Equal("1", response.Headers["Retry-After"]);
        Assert.DoesNotContain("WWW-Authenticate", response.Headers.Keys);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("Bearer"), InlineData("Bearer "), InlineData("Bearer    ")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA=="), InlineData(AnySecret), InlineData("Bearer,x")]
    [InlineData("Bearers x"), InlineData("=")]
    public async Task A_request_without_a_secret_is_401_with_a_plain_Bearer_challenge(string? authorization)
    {
        var validator = new TestValidator(TestValidator.CreateVerdict(VerdictCode.Active));
        await using var gateway = GatewayFactory.WithoutCluster(validator);

        var response = await GetWhoAmIAsync(gateway, authorization is null ? [] : [authorization]);

        AssertError(response, 401, "unauthorized");
        Assert.Equal("Bearer", response.Headers["WWW-Authenticate"]);
        Assert.Empty(validator.PresentedSecrets);
    }

    [Theory]
    [InlineData("Bearer "), InlineData("bearer "), InlineData("BEARER "), InlineData("bEaReR ")]
    [InlineData("Bearer   ")]
    public async Task The_Bearer_scheme_is_case_insensitive_and_removed_before_validation(string scheme)
    {
        var validator = new TestValidator(TestValidator.CreateVerdict(VerdictCode.Active));
        await using var gateway = GatewayFactory.WithoutCluster(validator);

        (await GetWhoAmIAsync(gateway, scheme + AnySecret)).EnsureStatus(HttpStatusCode.OK);

        Assert.Equal([AnySecret], validator.PresentedSecrets);
    }

    [Theory]
    [InlineData("Bearer vk-lw-test_a", "Bearer vk-lw-test_b"), InlineData("Basic eDp5", "Bearer vk-lw-test_a")]
    [InlineData("Bearer vk-lw-test_a", "Bearer vk-lw-test_a")]
    public async Task Several_Authorization_headers_are_400_and_none_is_validated(params string[] headers)
    {
        var validator = new TestValidator(TestValidator.CreateVerdict(VerdictCode.Active));
        await using var gateway = GatewayFactory.WithoutCluster(validator);

        var response = await GetWhoAmIAsync(gateway, headers);

        AssertError(response, 400, "invalid_request");
        Assert.Equal("Bearer error=\"invalid_request\"", response.Headers["WWW-Authenticate"]);
        Assert.Empty(validator.PresentedSecrets);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public async Task The_log_states_why_a_secret_was_refused_but_never_the_secret(VerdictCode code)
    {
        await using var gateway = GatewayFactory.WithoutCluster(new TestValidator(TestValidator.CreateVerdict(code)));

        await GetWhoAmIAsync(gateway, $"Bearer {TestValidator.Secret}");

        var log = gateway.Log.Text;
        Assert.Contains("/whoami", log, StringComparison.Ordinal);
        if (code is not (VerdictCode.Active or VerdictCode.Retiring or VerdictCode.Unavailable))
            Assert.Contains($"not authenticated. Failure message: {code}", log, StringComparison.Ordinal);
        var hiddenPart = TestValidator.Secret["vk-lw-test_ABCDEF".Length..];
        Assert.DoesNotContain(hiddenPart, log, StringComparison.OrdinalIgnoreCase);
    }

    public static TheoryData<VerdictCode> Verdicts => [.. Enum.GetValues<VerdictCode>()];

    public static TheoryData<VerdictCode> InvalidVerdicts =>
    [
        .. Enum.GetValues<VerdictCode>().Except([VerdictCode.Active, VerdictCode.Retiring, VerdictCode.Unavailable]),
    ];

    private static async Task<ApiResponse> GetWhoAmIAsync(VerdictCode code, string authorization)
    {
        await using var gateway = GatewayFactory.WithoutCluster(new TestValidator(TestValidator.CreateVerdict(code)));
        return await GetWhoAmIAsync(gateway, authorization);
    }

    private static async Task<ApiResponse> GetWhoAmIAsync(GatewayFactory gateway, params string[] authorization)
    {
        // Without an HTTP client, which would join several headers.
        var context = await gateway.Server.SendAsync(context =>
        {
            context.Request.Path = "/whoami";
            context.Request.Headers.Authorization = authorization;
        });
        using var message = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode);
        foreach (var (name, value) in context.Response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (string?)value))
                message.Content.Headers.TryAddWithoutValidation(name, (string?)value);
        }

        using var body = new StreamReader(context.Response.Body);
        return new ApiResponse(message, await body.ReadToEndAsync());
    }

    private static void AssertError(ApiResponse response, int status, string code)
    {
        Assert.Equal(status, (int)response.Status);
        Assert.StartsWith("application/json", response.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(["error", "message"], response.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(code, response.ErrorCode);
        Assert.DoesNotContain(TestValidator.Secret, response.Body, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> GetClaims(ApiResponse response) =>
        response.Json.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.GetString()!);
}
