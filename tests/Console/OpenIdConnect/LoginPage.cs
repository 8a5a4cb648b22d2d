using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.Console.Tests.OpenIdConnect;

/// <summary>The page of the provider, with a link for each account.</summary>
internal static class LoginPage
{
    public const string Refusal = "refuse";

    /// <summary>The accounts, with their groups.</summary>
    private static readonly (string Account, string[] Groups)[] Accounts =
    [
        ("vera", ["viewers"]), ("rosa", ["rotators"]), ("anna", ["administrators"]),
        ("bill", ["viewers", "administrators", "others"]), ("nora", ["others"]), (Refusal, []),
    ];

    public static string Create(HttpRequest request)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><title>Login</title><main>");
        foreach (var (account, groups) in Accounts)
        {
            var query = request.QueryString.Add("account", account);
            foreach (var group in groups) query = query.Add("groups", group);
            page.Append("<p><a href=\"").Append(HtmlEncoder.Default.Encode($"{request.Path}{query}"))
                .Append("\">").Append(account).Append("</a>");
        }

        return page.Append("</main></html>").ToString();
    }
}
