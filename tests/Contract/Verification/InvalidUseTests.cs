using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>Verifications that require invalid permissions or name an invalid address.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class InvalidUseTests(SqliteService service)
{
    [Theory]
    [InlineData("null"), InlineData("\"a\""), InlineData("{}"), InlineData("[null]"), InlineData("[1]")]
    [InlineData("[\"\"]"), InlineData("[\"a b\"]"), InlineData("[\"a*b\"]"), InlineData("[\"**\"]")]
    [InlineData("[\"é\"]"), InlineData("[\"a\\u007f\"]"), InlineData("[\"a\\ud800\"]")]
    public async Task Invalid_permissions_are_422(string permissions) =>
        await AssertRefusedAsync("permissions", permissions);

    [Fact]
    public async Task At_most_64_permissions_of_128_characters_can_be_required()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret, _) = await project.CreateAsync("\"permissions\":[\"*\"]");
        var most = Enumerable.Repeat(new string('p', 128), 64).ToArray();
        Assert.Equal("active", Text(await project.GetVerdictAsync(secret, most), "code"));
        await AssertRefusedAsync("permissions", JsonSerializer.Serialize(most.Append("p")));
        await AssertRefusedAsync("permissions", JsonSerializer.Serialize(new[] { new string('p', 129) }));
    }

    [Theory]
    [InlineData("\"\""), InlineData("\" \""), InlineData("\"localhost\""), InlineData("\"10.0.0.0/8\"")]
    [InlineData("\"10.0.0.256\""), InlineData("\" 10.0.0.1\""), InlineData("\"10.0.0.1:80\""), InlineData("1")]
    [InlineData("[]"), InlineData("{}"), InlineData("true"), InlineData("\"10.0.0.1, 10.0.0.2\"")]
    public async Task A_text_that_is_no_address_is_422(string address) =>
        await AssertRefusedAsync("ip_address", address);

    /// <summary>Parsers disagree on these: the last one is 10.0.0.1 or 8.0.0.1.</summary>
    [Theory]
    [InlineData("10.1"), InlineData("167772161"), InlineData("0x0a000001"), InlineData("0xa.0.0.1")]
    [InlineData("[2001:db8::1]"), InlineData("[2001:db8::1]:443"), InlineData("010.0.0.1")]
    public async Task An_ambiguous_form_of_an_address_is_422(string address) =>
        await AssertRefusedAsync("ip_address", $"\"{address}\"");

    private async Task AssertRefusedAsync(string member, string value)
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        var body = $$"""{"secret":"{{secret}}","{{member}}":{{value}}}""";
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Verify, body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming: member);
    }
}
