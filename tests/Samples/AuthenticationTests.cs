using System.Net;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Samples.Tests;

public sealed class AuthenticationTests
{
    private const string Secret = "vk-lw-test_whatever";

    [Fact]
    public async Task An_active_secret_is_who_its_key_says()
    {
        var answer = await Whoami(VerdictCode.Active, $"Bearer {TestValidator.Secret}");

        answer.Expect(HttpStatusCode.OK);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["virtual_key_id"] = TestValidator.Key.Id.ToString(),
                ["project_id"] = TestValidator.Key.ProjectId.ToString(),
                ["environment"] = "test",
                ["principal_user_id"] = "user_7",
                ["secret_id"] = TestValidator.Key.SecretId.ToString(),
            },
            Claims(answer));
        Assert.DoesNotContain("Authentication-Info", answer.Headers.Keys);
    }

    [Fact]
    public async Task A_retiring_secret_works_and_the_answer_says_until_when()
    {
        var answer = await Whoami(VerdictCode.Retiring, $"Bearer {TestValidator.Secret}");

        answer.Expect(HttpStatusCode.OK);
        Assert.Equal("2026-11-26T12:00:00.007Z", Claims(answer)["valid_until"]);
        Assert.Equal("code=\"retiring\", valid_until=\"2026-11-26T12:00:00.007Z\"", answer.Headers["Authentication-Info"]);
    }

    [Theory]
    [MemberData(nameof(BadVerdicts))]
    public async Task A_bad_secret_is_401_whatever_is_wrong_with_it(VerdictCode code)
    {
        var answer = await Whoami(code, $"Bearer {TestValidator.Secret}");

        IsRefusal(answer, 401, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers["WWW-Authenticate"]);
        Assert.DoesNotContain("Authentication-Info", answer.Headers.Keys);
    }

    [Theory]
    [InlineData("Bearer x"), InlineData("Bearer a b"), InlineData("Bearer a, Bearer b"), InlineData("Bearer sk-lw-0")]
    [InlineData("Bearer vk-lw-live_"), InlineData("Bearer Bearer x")]
    public async Task What_cannot_be_a_secret_is_401_without_a_cluster(string authorization)
    {
        await using var sample = Sample.Alone();

        IsRefusal(await Whoami(sample, authorization), 401, "invalid_token");
    }

    [Fact]
    public async Task What_cannot_be_told_is_503_and_never_401()
    {
        var answer = await Whoami(VerdictCode.Unavailable, $"Bearer {TestValidator.Secret}");

        IsRefusal(answer, 503, "validation_unavailable");
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.DoesNotContain("WWW-Authenticate", answer.Headers.Keys);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("Bearer"), InlineData("Bearer "), InlineData("Bearer    ")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA=="), InlineData(Secret), InlineData("Bearer,x"), InlineData("Bearers x"), InlineData("=")]
    public async Task Without_a_secret_it_is_401_that_names_the_scheme_and_no_error(string? authorization)
    {
        var validator = new TestValidator(TestValidator.Verdict(VerdictCode.Active));
        await using var sample = Sample.Alone(validator);

        var answer = await Whoami(sample, authorization is null ? [] : [authorization]);

        IsRefusal(answer, 401, "unauthorized");
        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
        Assert.Empty(validator.Asked);
    }

    [Theory]
    [InlineData("Bearer "), InlineData("bearer "), InlineData("BEARER "), InlineData("bEaReR "), InlineData("Bearer   ")]
    public async Task The_scheme_may_be_in_any_case_and_the_validator_gets_the_secret_alone(string scheme)
    {
        var validator = new TestValidator(TestValidator.Verdict(VerdictCode.Active));
        await using var sample = Sample.Alone(validator);

        (await Whoami(sample, scheme + Secret)).Expect(HttpStatusCode.OK);

        Assert.Equal([Secret], validator.Asked);
    }

    [Theory]
    [InlineData("Bearer vk-lw-test_a", "Bearer vk-lw-test_b"), InlineData("Basic eDp5", "Bearer vk-lw-test_a")]
    [InlineData("Bearer vk-lw-test_a", "Bearer vk-lw-test_a")]
    public async Task Several_headers_are_400_and_none_of_them_is_tried(params string[] headers)
    {
        var validator = new TestValidator(TestValidator.Verdict(VerdictCode.Active));
        await using var sample = Sample.Alone(validator);

        var answer = await Whoami(sample, headers);

        IsRefusal(answer, 400, "invalid_request");
        Assert.Equal("Bearer error=\"invalid_request\"", answer.Headers["WWW-Authenticate"]);
        Assert.Empty(validator.Asked);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public async Task The_log_tells_why_a_secret_was_refused_and_never_the_secret(VerdictCode code)
    {
        await using var sample = Sample.Alone(new TestValidator(TestValidator.Verdict(code)));

        await Whoami(sample, $"Bearer {TestValidator.Secret}");

        var log = sample.Log.Text;
        Assert.Contains("/whoami", log, StringComparison.Ordinal);
        if (code is not (VerdictCode.Active or VerdictCode.Retiring or VerdictCode.Unavailable))
            Assert.Contains($"not authenticated. Failure message: {code}", log, StringComparison.Ordinal);
        Assert.DoesNotContain(TestValidator.Secret["vk-lw-test_ABCDEF".Length..], log, StringComparison.OrdinalIgnoreCase);
    }

    public static TheoryData<VerdictCode> Verdicts => [.. Enum.GetValues<VerdictCode>()];

    public static TheoryData<VerdictCode> BadVerdicts =>
    [
        .. Enum.GetValues<VerdictCode>().Except([VerdictCode.Active, VerdictCode.Retiring, VerdictCode.Unavailable]),
    ];

    private static async Task<Answer> Whoami(VerdictCode code, string authorization)
    {
        await using var sample = Sample.Alone(new TestValidator(TestValidator.Verdict(code)));
        return await Whoami(sample, authorization);
    }

    private static async Task<Answer> Whoami(Sample sample, params string[] authorization)
    {
        // Past the client, which would put several values into one line.
        var context = await sample.Server.SendAsync(context =>
        {
            context.Request.Path = "/whoami";
            context.Request.Headers.Authorization = authorization;
        });
        using var response = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode);
        foreach (var (name, value) in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, (string?)value))
                response.Content.Headers.TryAddWithoutValidation(name, (string?)value);
        }

        using var body = new StreamReader(context.Response.Body);
        return new Answer(response, await body.ReadToEndAsync());
    }

    private static void IsRefusal(Answer answer, int status, string code)
    {
        Assert.Equal(status, (int)answer.Status);
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(["error", "message"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(code, answer.Error);
        Assert.DoesNotContain(TestValidator.Secret, answer.Body, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Claims(Answer answer) =>
        answer.Json.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.GetString()!);
}
