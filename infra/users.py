"""The user pool: who can sign in, when the company brings no OIDC issuer of its own."""

from typing import Any

from infra.stages import Stage


def resources(stage: Stage) -> dict[str, Any]:
    """Return the pool and the client that applications sign in with."""
    kept = {} if stage.local else {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    pool = {
        "UserPoolName": stage.stack,
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["email"],
        # Nobody signs up alone: an administrator makes the account, together with the user.
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        "MfaConfiguration": "OPTIONAL",
        "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireLowercase": True,
                "RequireUppercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "TemporaryPasswordValidityDays": 7,
            }
        },
        "DeletionProtection": "INACTIVE" if stage.local else "ACTIVE",
    }
    client = {
        "ClientName": f"{stage.stack}-api",
        "UserPoolId": {"Ref": "Users"},
        "GenerateSecret": False,
        "ExplicitAuthFlows": [
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": True,
        # In the sandbox a token copied in the morning still serves in the evening.
        "IdTokenValidity": 24 * 60 if stage.local else 60,
        "AccessTokenValidity": 24 * 60 if stage.local else 60,
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "days"},
    }
    return {
        "Users": {"Type": "AWS::Cognito::UserPool", **kept, "Properties": pool},
        "UsersClient": {"Type": "AWS::Cognito::UserPoolClient", "Properties": client},
    }


def environment(stage: Stage) -> dict[str, Any]:
    """Return the settings that point the authorizer at the pool."""
    found: dict[str, Any] = {
        "SALESTREAM_OIDC_ISSUER": {
            "Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Users}"
        },
        "SALESTREAM_OIDC_AUDIENCE": {"Ref": "UsersClient"},
    }
    if stage.local:
        # The issuer's name is Cognito's own also in MiniStack; its keys are on this machine.
        found["SALESTREAM_OIDC_KEYS"] = {"Fn::Sub": "${Endpoint}/${Users}/.well-known/jwks.json"}
    return found


def outputs() -> dict[str, Any]:
    """Return what an application needs to sign in, and `make admin` to make users."""
    return {
        "UserPoolId": {"Description": "The pool of those who can sign in", "Value": {"Ref": "Users"}},
        "UserPoolClientId": {
            "Description": "What applications sign in with",
            "Value": {"Ref": "UsersClient"},
        },
    }
